"""Changes as they are kept, drawn field by field: what a value was and what it became, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, hidden, is_hidden
from app.core.declare import Ui
from app.core.shape import Changes
from app.fields import Audience, FieldSet, Refused, fields_of
from app.generate import builder, pages
from app.generate.builder.say import titles_of
from app.generate.cells import named_cell
from app.generate.differences import compared
from app.generate.elsewhere import besides
from app.generate.lines.words import Titles, rows_in
from app.generate.parts import Cell, Show
from app.models import by_table
from app.record import label_of

Kept = Mapping[str, Mapping[str, Any]]
"""`{"status": {"old": "new", "new": "open"}}`; what was or is not there is absent."""


def drawn(
    session: Session, actor: Actor, model: Any, kept: Iterable[Kept], row: Mapping[str, Any]
) -> list[tuple[pages.Change, ...]]:
    """Return several changes of rows of `model` without fields the actor never sees: one statement a table.

    `row` holds values of the columns that conditions refer to for what they are about.
    """
    fields, found = fields_of(session, model), list(kept)
    hide = hidden(actor, model) | fields.invisible(Audience.AGENT)
    titles = titles_of(session, actor, _named(fields, found))
    draw = _Drawing(session, actor, fields, row, titles)
    return [
        tuple(draw.change(name, values) for name, values in one.items() if not is_hidden(hide, name))
        for one in found
    ]


def audited(details: Mapping[str, Any]) -> Kept:
    """Return what the audit log keeps of a change, field by field."""
    before, after = details.get("before", {}), details.get("after", {})
    return {name: {"old": before.get(name), "new": after.get(name)} for name in {**before, **after}}


def cell_of(session: Session, actor: Actor, fields: FieldSet, row: Any, name: str) -> Cell | None:
    """Return the changes a column tells of, and what it says besides; None for others, or unknown tables."""
    told = told_by(row, name)
    if told is None or name not in fields:
        return None
    value = fields[name].read(row)
    try:
        model = by_table(getattr(row, told.of, told.of))
    except KeyError:  # a table of an earlier version
        return None
    if not value:
        return Cell()
    changes, *_none = drawn(session, actor, model, [value if told.by_field else audited(value)], {})
    more = "" if told.by_field else "\n".join(besides(fields_of(session, model), value))
    return Cell(kind=Show.CHANGES, value=changes, text=more)


def told_by(row: Any, name: str) -> Changes | None:
    """Return what changes a column tells of, None for one that tells of none."""
    column = row.__table__.c.get(name)
    facts: Ui | None = column.info.get("ui") if column is not None else None
    return facts.changes if facts is not None else None


@dataclass(frozen=True)
class _Drawing:
    session: Session
    actor: Actor
    fields: FieldSet
    row: Mapping[str, Any]
    titles: Titles

    def change(self, name: str, values: Mapping[str, Any]) -> pages.Change:
        before, after = compared(self.cell(name, values.get("old")), self.cell(name, values.get("new")))
        label = self.fields[name].label if name in self.fields else label_of(name)
        return pages.Change(label=label, before=before, after=after)

    def cell(self, name: str, value: Any) -> Cell:
        """Return a former value as a cell; one that is none of its field any more as it was kept."""
        if name not in self.fields or value is None:
            return Cell(text="" if value is None else str(value))
        field = self.fields[name]
        try:
            said = builder.cell_of(self.session, self.actor, field, value, self.row)
            return said or named_cell(field, field.parse(value), self.titles)
        except Refused:
            return Cell(text=str(value))


def _named(fields: FieldSet, changes: Iterable[Kept]) -> Iterator[tuple[str, int]]:
    """Yield table and number of each row that the changes refer to."""
    for name, values in ((name, values) for one in changes for name, values in one.items() if name in fields):
        field = fields[name]
        for value in values.values():
            if field.reference and isinstance(value, int):
                yield field.reference, value
            elif field.shape is not None:
                yield from rows_in(field.shape, value)
