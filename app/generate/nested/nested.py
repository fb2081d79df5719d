"""All related rows of a form: read with it, checked with it, saved with it in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app import services
from app.access import Actor
from app.core.declare import Can
from app.core.errors import FieldError, Invalid
from app.core.i18n import _
from app.fields import Field, Purpose
from app.generate import forms
from app.generate.nested.nest import MOST, Line, Nest

Values = dict[tuple[str, str], dict[str, Any]]
"""Checked values of the lines that changed, by relationship and key."""


@dataclass(frozen=True)
class Nested:
    """The related rows of one form: each relationship with its lines."""

    session: Session
    actor: Actor
    nests: tuple[tuple[Nest, tuple[Line, ...]], ...]
    crowded: tuple[Nest, ...] = ()
    """Relationships with more rows than a form asks for."""

    @classmethod
    def of(
        cls,
        session: Session,
        actor: Actor,
        model: Any,
        row: Any | None,
        form: MultiDict[str, str] | None = None,
    ) -> Nested:
        """Return the related rows as they are kept, or as they were sent in `form`."""
        found: list[tuple[Nest, tuple[Line, ...]]] = []
        crowded: list[Nest] = []
        for name in model.resource.nested:
            nest = Nest.of(session, actor, model, name, row)
            if not nest.may(Can.READ) or not (
                nest.may(Can.ADD) or nest.may(Can.EDIT) or nest.may(Can.DELETE)
            ):
                continue
            rows = nest.rows()
            if len(rows) > MOST:
                crowded.append(nest)
                continue
            lines = nest.stored(rows) if form is None else _pressed(nest, nest.posted(rows, form), form)
            found.append((nest, tuple(lines)))
        return cls(session, actor, tuple(found), tuple(crowded))

    def is_pressed(self, form: Mapping[str, str]) -> bool:
        """Tell whether a line was asked for, so that nothing is to be saved yet."""
        return any(f"{nest.name}.do" in form for nest, _lines in self.nests)

    def lines(self) -> Iterator[tuple[Nest, Line]]:
        """Yield every line with its relationship."""
        yield from ((nest, line) for nest, lines in self.nests for line in lines)

    def fields(self) -> dict[str, Field]:
        """Return the fields of all lines by the names they have in the form, labelled with their row."""
        return {
            field.name: replace(
                field, label=_("%(row)s: %(field)s", row=nest.title_of(line), field=field.label)
            )
            for nest, line in self.lines()
            for _name, field in nest.placed(line)
        }

    def raw(self) -> dict[str, Any]:
        """Return what all inputs hold, by their names in the form."""
        return {
            f"{nest.path(line.key)}.{name}": value
            for nest, line in self.lines()
            for name, value in line.raw.items()
        }

    def stored(self) -> dict[str, Any]:
        """Return what is kept of the rows that are there, by the names in the form."""
        return {
            f"{nest.path(line.key)}.{name}": value
            for nest, line in self.lines()
            if line.row is not None
            for name, value in line.stored.items()
        }

    def stale(self) -> Iterator[Any]:
        """Yield the rows that were changed since the form was drawn."""
        for _nest, line in self.lines():
            if line.row is not None and line.version != line.row.version:
                yield line.row

    def checked(self, base: Mapping[str, Any]) -> Values:
        """Return the values of the lines that were changed since `base`. Raises Invalid for all of them."""
        values: Values = {}
        errors: list[FieldError] = []
        for nest, line in self.lines():
            if line.removed or not _is_changed(nest, line, base):
                continue
            purpose = Purpose.CREATE if line.row is None else Purpose.PATCH
            try:
                if line.gone:
                    raise Invalid.one("", "gone", _GONE)
                values[nest.name, line.key] = forms.checked(line.fields, line.raw, purpose)
            except Invalid as problem:
                errors += placed(nest, line, problem)
        if errors:
            raise Invalid(errors)
        return values

    def save(self, parent: Any, values: Values) -> None:
        """Save what changed: what goes first, so that its place is free.

        Raises Invalid, Stale, Conflict, NotFound.
        """
        for nest, line in self.lines():
            if line.removed and line.row is not None:
                _at(nest, line, partial(services.delete, self.session, self.actor, line.row, line.version))
        for nest, line in self.lines():
            said = values.get((nest.name, line.key))
            if said is not None:
                _at(nest, line, partial(self._write, parent, nest, line, said))

    def _write(self, parent: Any, nest: Nest, line: Line, said: dict[str, Any]) -> None:
        if line.row is None:
            services.add(self.session, self.actor, nest.model, {**said, nest.link: parent.id})
        else:
            services.edit(self.session, self.actor, line.row, said, line.version)


_GONE = _("Somebody removed this in the meantime. Save again to add it anew, or remove it.")


def placed(nest: Nest, line: Line, problem: Invalid) -> Iterator[FieldError]:
    """Yield the errors of a line with the names of its inputs; those of no input stand at the first."""
    first = next(iter(line.fields), "")
    for error in problem.errors:
        name = error.field if error.field.split(".")[0].split("[")[0] in line.fields else first
        yield FieldError(f"{nest.path(line.key)}.{name}", error.code, error.message)


def together(*checks: Callable[[], Any]) -> list[Any]:
    """Return what the checks answer; where some raise Invalid, all their errors are raised as one."""
    answers: list[Any] = []
    errors: list[FieldError] = []
    for check in checks:
        try:
            answers.append(check())
        except Invalid as problem:
            errors += problem.errors
    if errors:
        raise Invalid(errors)
    return answers


def _at(nest: Nest, line: Line, act: Callable[[], Any]) -> None:
    try:
        act()
    except Invalid as problem:
        raise Invalid(placed(nest, line, problem)) from problem


def _is_changed(nest: Nest, line: Line, base: Mapping[str, Any]) -> bool:
    if line.row is None:
        return line.raw != nest.blank(line.key).raw
    path = nest.path(line.key)
    return any(value != base.get(f"{path}.{name}", line.stored[name]) for name, value in line.raw.items())


def _pressed(nest: Nest, lines: Iterator[Line], form: Mapping[str, str]) -> Iterator[Line]:
    found = list(lines)
    yield from found
    if form.get(f"{nest.name}.do") == "add":
        used = {line.key for line in found}
        yield nest.blank(next(f"new{n}" for n in range(MOST * 2) if f"new{n}" not in used))
