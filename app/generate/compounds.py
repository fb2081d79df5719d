"""Inputs for JSON whose form is declared: a grid of yes and no, named values, or lines. Nobody types JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from app.core.i18n import _
from app.core.shape import Grid, Member
from app.fields import Field, Kind, Refused
from app.fields.parse import decimal
from app.fields.shapes import SHAPES
from app.generate.lines import read as lines
from app.generate.pages import FormField, Option

ANSWERS = {"yes": True, "no": False}


def is_compound(field: Field) -> bool:
    """Tell whether the field is asked by several inputs."""
    return field.grid is not None or field.members is not None or field.shape is not None


def typed(form: MultiDict[str, str], field: Field) -> Any:
    """Return what was typed into the inputs of one field, without what was left as usual or empty."""
    if field.shape is not None:
        return lines.typed(form, field, field.shape)
    if field.grid is None:
        said = {name: form.get(f"{field.name}.{name}", "").strip() for name in field.members or ()}
        members = field.members or {}
        return {name: _plain(members[name], text) for name, text in said.items() if text}
    rows = {str(row): _row(form, f"{field.name}.{row}", field.grid) for row in field.grid.rows}
    return {row: answers for row, answers in rows.items() if answers}


def parts(field: Field, value: Any) -> tuple[FormField, ...]:
    """Return the inputs with what is in them; those of a grid row by row."""
    kept = value if isinstance(value, Mapping) else {}
    return tuple(_grid(field, field.grid, kept) if field.grid else _members(field, kept))


def pairs(field: Field, value: Any) -> Iterator[tuple[str, str]]:
    """Yield names and values as a form sends them."""
    if field.shape is not None:
        yield from lines.pairs(field, field.shape, value)
    yield from ((part.name, str(part.value)) for part in parts(field, value) if part.value != "")


def _row(form: MultiDict[str, str], path: str, grid: Grid) -> dict[str, bool]:
    said = {str(column): ANSWERS.get(form.get(f"{path}.{column}", "")) for column in grid.columns}
    return {column: answer for column, answer in said.items() if answer is not None}


def _plain(member: Member, text: str) -> Any:
    """Return a number where one may stand and does, else the text."""
    try:
        return SHAPES[Kind.DECIMAL].dump(decimal(text)) if member.number else text
    except Refused:
        return text


def _grid(field: Field, grid: Grid, kept: Mapping[str, Any]) -> Iterator[FormField]:
    options = (
        Option(value="", label=_("As usual")),
        Option(value="yes", label=_("Yes")),
        Option(value="no", label=_("No")),
    )
    for row in grid.rows:
        answers = kept.get(row)
        said = answers if isinstance(answers, Mapping) else {}
        for column in grid.columns:
            answer = next((word for word, yes in ANSWERS.items() if said.get(column) is yes), "")
            label = _("%(row)s: %(column)s", row=row.label, column=column.label)
            yield FormField(
                name=f"{field.name}.{row}.{column}",
                kind="select",
                label=label,
                value=answer,
                options=options,
                required=True,
                attributes={"aria-label": str(label)},
            )


def _members(field: Field, kept: Mapping[str, Any]) -> Iterator[FormField]:
    for name, member in (field.members or {}).items():
        value = kept.get(name)
        text = "" if value is None else str(value)
        yield FormField(name=f"{field.name}.{name}", kind="text", label=member.label, value=text)
