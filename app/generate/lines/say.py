"""JSON of a declared shape as a cell, with the names of the rows in it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor
from app.fields import Field
from app.generate.builder.say import titles_of
from app.generate.lines.words import chips, rows_in
from app.generate.parts import Cell, Show


def cell_of(session: Session, actor: Actor, field: Field, value: Any) -> Cell | None:
    """Return a value as a chip for each line; None where the field has no shape, or there is nothing."""
    if field.shape is None or not value:
        return None
    titles = titles_of(session, actor, rows_in(field.shape, value))
    return Cell(kind=Show.TAGS, value=list(chips(field.shape, value, titles)))
