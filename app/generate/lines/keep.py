"""Lines that a change would take from rows that have their value: a tick keeps each, offered to no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.core.shape import Lines
from app.fields import Field, FieldSet
from app.generate.lines.read import sent, within
from app.generate.pages import FormField, LineSet, LostLine


def dress(
    fields: FieldSet,
    row: Any,
    raw: Mapping[str, Any],
    problem: Invalid | Conflict | None,
    inputs: Iterable[FormField],
) -> tuple[FormField, ...]:
    """Return the inputs of a form; where lines of `row` were refused to go, with a tick that keeps each."""
    refused = {error.field for error in problem.errors} if isinstance(problem, Invalid) and row else ()
    return tuple(
        _with_lost(fields[one.name], row, raw[one.name], one) if one.name in refused else one
        for one in inputs
    )


def _with_lost(field: Field, row: Any, typed: Any, one: FormField) -> FormField:
    if not (isinstance(field.shape, Lines) and field.shape.keeps and isinstance(one.value, LineSet)):
        return one
    return replace(one, value=replace(one.value, lost=tuple(_lost(field, row, typed))))


def _lost(field: Field, row: Any, typed: Iterable[Any]) -> Iterator[LostLine]:
    shape: Any = field.shape
    present = {_said(shape, one)[shape.unique] for one in typed}
    for place, line in enumerate(field.read(row)):
        said = _said(shape, line)
        if said[shape.unique] not in present:
            key = f"kept{place}"
            pairs = tuple(sent(shape.of, f"{field.name}.{key}", {**said, shape.keeps: True}))
            label = _("Keep “%(value)s” where it stands, and offer it no more", value=said[shape.unique])
            yield LostLine(key=key, label=label, pairs=pairs)


def _said(shape: Lines, line: Any) -> dict[str, Any]:
    return {shape.unique or "": "", **within(shape.of, line)[1]}
