"""The search follows the definitions: rows are read anew once a field of theirs is searchable otherwise."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.orm import Session

from app import models
from app.core.clock import now
from app.fields import CUSTOM, fields_of
from app.fields.search import has_search, weight_of
from app.models.fields import FieldDefinition

SETTLED = dt.timedelta(seconds=20)
"""After so long every write has ended that began before a definition changed, and did not see the change."""
BATCH = 2000
"""Numbers of rows looked at in one transaction."""
DEFINITIONS = FieldDefinition.__table__


def changed(session: Session) -> list[Row[Any]]:
    """Return the definitions (all columns) whose words are kept otherwise than they now should be."""
    settled = select(DEFINITIONS).where(DEFINITIONS.c.updated_at < now() - SETTLED)
    return [row for row in session.execute(settled) if row.searched_as != weight(session, row)]


def weight(session: Session, row: Row[Any]) -> str:
    """Return under which weight the words of a definition should be kept."""
    model: Any = models.by_table(row.applies_to)
    field = fields_of(session, model).get(f"{CUSTOM}.{row.field_name}")
    return weight_of(field) if field is not None and has_search(model) else ""


def search_anew(session: Session, row: Row[Any], after: int) -> int | None:
    """Let the trigger write the words of the next `BATCH` rows; return the last number, None at the end.

    Nothing a person or program could notice changes: no version, no moment, no history.
    """
    table: Any = models.by_table(row.applies_to).__table__
    last: int = session.connection().scalar(select(func.max(table.c.id))) or 0
    until = min(after + BATCH, last)
    among = (table.c.id > after, table.c.id <= until, table.c.custom_fields.has_key(row.field_name))
    touched = {"custom_fields": table.c.custom_fields, "updated_at": table.c.updated_at}
    session.connection().execute(update(table).where(*among).values(touched))
    return until if until < last else None


def done(session: Session, row: Row[Any], kept_as: str) -> None:
    """Note how the words of a definition are kept now."""
    kept = {"searched_as": kept_as, "updated_at": DEFINITIONS.c.updated_at}
    session.connection().execute(update(DEFINITIONS).where(DEFINITIONS.c.id == row.id).values(kept))
