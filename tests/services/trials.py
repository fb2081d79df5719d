"""Lines of a file loaded on trial: what is refused, what every table has more; all of it is taken back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from app import models
from app.access import Actor
from app.core.clock import frozen
from app.generate.exchange import plan_of
from app.services.bulk import Failure
from app.services.exchange import load
from app.services.exchange.reading import Line

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
FIRST = 1_000_000
"""From where rows of a trial are numbered, so that they have the same numbers in each; not in each test."""
LUCK = {"mails": ("message_id",), "tokens": ("digest",)}
"""What is drawn by lot."""
BY_KIND = {"outbox_events", "audit_logs", "ticket_history", "ticket_assignments", "mails", "tokens"}
"""Tables whose rows may come kind by kind rather than row by row: their own numbers tell nothing."""
LOGINS = "ab_user_id_seq"
"""What numbers employees."""
Added = dict[str, list[dict[str, Any]]]


def told(failure: Failure) -> tuple[int, str, str, str]:
    """Return what a line was refused for."""
    return failure.position, failure.field, failure.code, str(failure.message)


def numbers_of(added: Added) -> dict[str, int]:
    """Return how many rows each table has more."""
    return {name: len(rows) for name, rows in added.items()}


def trial(
    session: Session, actor: Actor, model: Any, first: int, parts: Sequence[list[Line]]
) -> tuple[list[Failure], Added]:
    """Load parts of a file; return what was refused and what every table has more, and undo it."""
    tables = [model.__table__ for model in models.load() if has_numbers(model.__table__)]
    sequences = (func.pg_get_serial_sequence(table.name, "id") for table in tables)
    session.execute(select(*(func.setval(sequence, first) for sequence in (*sequences, LOGINS))))
    names = {name for lines in parts for _number, cells in lines for name in cells}
    failures: list[Failure] = []
    with frozen(NOON):
        undo = session.begin_nested()
        try:
            for lines in parts:
                plan = plan_of(session, actor, model, {name: name for name in names})
                failures += load(session, actor, plan, lines).failures
            return failures, {
                table.name: rows for table in tables if (rows := rows_of(session, table, first))
            }
        finally:
            undo.rollback()


def has_numbers(table: Table) -> bool:
    return "id" in table.c and table.c.id.identity is not None


def rows_of(session: Session, table: Table, first: int) -> list[dict[str, Any]]:
    left_out = {*LUCK.get(table.name, ()), *({"id"} if table.name in BY_KIND else ())}
    rows = session.connection().execute(select(table).where(table.c.id > first).order_by(table.c.id))
    kept = [{name: value for name, value in row.items() if name not in left_out} for row in rows.mappings()]
    if table.name == "mails":
        kept = [row | {part: without_luck(row[part]) for part in ("body_text", "body_html")} for row in kept]
    return sorted(kept, key=str) if table.name in BY_KIND else kept


def without_luck(body: str) -> str:
    """Return a mail without the secret of its link."""
    return re.sub(r"/(portal/rate|password)/[\w-]+", "/", body)
