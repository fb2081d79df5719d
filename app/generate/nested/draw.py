"""Related rows as a form draws them, each with what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.core.declare import Can
from app.core.errors import Conflict, Invalid
from app.core.i18n import Text, _
from app.generate import forms, pages
from app.generate.cells import page_address
from app.generate.nested.nest import MOST, Line, Nest
from app.generate.nested.nested import Nested

KEY = "__key__"
"""Stands for the key of a row that is added by the browser."""


def told(nested: Nested, problem: Invalid | Conflict | None) -> dict[str, list[Text]]:
    """Return what is wrong with the rows, by the names of their inputs."""
    errors = problem.errors if isinstance(problem, Invalid) else ()
    ours = tuple(f"{nest.name}." for nest, _lines in nested.nests)
    found: dict[str, list[Text]] = {}
    for error in errors:
        if ours and error.field.startswith(ours):
            found.setdefault(error.field, []).append(error.message)
    return found


def without_rows(nested: Nested, problem: Invalid | Conflict | None) -> Invalid | Conflict | None:
    """Return what is wrong with the form besides its rows."""
    if not isinstance(problem, Invalid):
        return problem
    beside = told(nested, problem)
    return Invalid([error for error in problem.errors if error.field not in beside])


def summary(nested: Nested, errors: Mapping[str, Iterable[Text]]) -> tuple[pages.FieldError, ...]:
    """Return the messages for the box above the form, each with the row and the field it is about."""
    fields = nested.fields()
    return tuple(
        pages.FieldError(
            field=name, message=forms.said_of(fields[name].label, text) if name in fields else text
        )
        for name, texts in errors.items()
        for text in texts
    )


def inlines(nested: Nested, errors: Mapping[str, list[Text]]) -> tuple[pages.Inline, ...]:
    """Return the rows of each relationship, with a blank one where some may be added."""
    drawn = [_inline(nested, nest, lines, errors) for nest, lines in nested.nests]
    return (*drawn, *(_crowded(nest) for nest in nested.crowded))


def _inline(
    nested: Nested, nest: Nest, lines: tuple[Line, ...], errors: Mapping[str, list[Text]]
) -> pages.Inline:
    blank = nest.blank(KEY) if nest.may(Can.ADD) else None
    every = [*lines, *([blank] if blank else [])]
    placed = {field.name: field for line in every for _name, field in nest.placed(line)}
    raw = {f"{nest.path(line.key)}.{name}": value for line in every for name, value in line.raw.items()}
    drawn = forms.inputs(nested.session, nested.actor, placed, raw, errors)
    by_name = {one.name: one for one in drawn}
    rows = [_row(nest, line, by_name) for line in every]
    return pages.Inline(
        name=nest.name,
        title=nest.title,
        rows=tuple(rows[: len(lines)]),
        blank=rows[-1] if blank else None,
        add_label=_("Add: %(thing)s", thing=nest.model.resource.title),
    )


def _row(nest: Nest, line: Line, drawn: Mapping[str, pages.FormField]) -> pages.InlineRow:
    path, fixed = nest.path(line.key), line.row is not None and not nest.may(Can.EDIT, line.row)
    inputs = [drawn[field.name] for _name, field in nest.placed(line)]
    removable = line.row is None or nest.may(Can.DELETE, line.row)
    return pages.InlineRow(
        label=nest.title_of(line),
        fields=tuple(replace(one, readonly=True) if fixed else one for one in inputs),
        hidden=_controls(nest, line),
        delete_name=f"{path}.remove" if removable and line.row is not None else None,
        fresh=line.row is None,
        dropped=line.removed,
    )


def _controls(nest: Nest, line: Line) -> tuple[tuple[str, str], ...]:
    version = line.version if line.version is not None else getattr(line.row, "version", None)
    marks = ((f"{nest.name}.line", line.key),)
    return marks if version is None else (*marks, (f"{nest.path(line.key)}.version", str(version)))


def sent_again(nested: Nested) -> tuple[tuple[str, str], ...]:
    """Return what a page in between carries on, so that nothing that was typed into the rows is lost; what is
    kept now has been seen there."""
    pairs: list[tuple[str, str]] = []
    for nest, line in nested.lines():
        pairs.append((f"{nest.name}.line", line.key))
        if line.row is not None:
            pairs.append((f"{nest.path(line.key)}.version", str(line.row.version)))
        if line.removed:
            pairs.append((f"{nest.path(line.key)}.remove", "1"))
    return tuple(pairs)


def _crowded(nest: Nest) -> pages.Inline:
    parent = nest.parent
    url = page_address(type(parent), parent.id) if parent is not None else None
    help_ = _("There are more than %(most)s. They are changed in a tab of their own.", most=MOST)
    return pages.Inline(name=nest.name, title=nest.title, rows=(), help=help_, url=f"{url}?tab={nest.name}")
