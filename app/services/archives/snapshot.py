"""What of a ticket goes to the archive: read as plain JSON, and written back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import DateTime, Enum, RowMapping, Table, delete, insert, select
from sqlalchemy.orm import Session

from app.models.messages import Message
from app.models.routing import Decision, RoutingRule
from app.models.tickets import Ticket, TicketChange
from app.services.archives.canonical import plain

TICKETS = Ticket.__table__
RULES = RoutingRule.__table__

PARTS: Mapping[str, Table] = {
    "messages": Message.__table__,
    "history": TicketChange.__table__,
    "decisions": Decision.__table__,
}
"""Rows that leave altogether. Assignments and feedback stay, because figures are counted from them."""

LEAVES = {"description": "", "custom_fields": {}}
"""Columns of the ticket that leave, and what the stub has in their place."""

OWN_LIFE = {"search", "version"}
"""Columns that the database and the write path keep by themselves."""

Snapshot = dict[str, Any]


def read(session: Session, ticket_id: int) -> Snapshot:
    """Return a ticket with its parts, as JSON can hold it; the same content gives the same snapshot."""
    found = session.connection().execute(select(TICKETS).where(TICKETS.c.id == ticket_id)).mappings().one()
    return {
        "ticket": _plain(found),
        **{name: _rows(session, table, ticket_id) for name, table in PARTS.items()},
    }


def counts(snapshot: Snapshot) -> dict[str, int]:
    """Return how many rows of each part there are."""
    return {name: len(snapshot[name]) for name in PARTS}


def remove(session: Session, ticket_id: int) -> None:
    """Let the parts and the long columns leave; the stub is what remains."""
    connection = session.connection()
    for table in PARTS.values():
        connection.execute(delete(table).where(table.c.ticket_id == ticket_id))
    _write_columns(session, ticket_id, LEAVES)


def put_back(session: Session, ticket_id: int, snapshot: Snapshot) -> Snapshot:
    """Write back what left. Return the snapshot as it can be now: without rules that are gone meanwhile."""
    present = _without_lost_rules(session, snapshot)
    for name, table in PARTS.items():
        if present[name]:
            session.connection().execute(insert(table), [_typed(table, row) for row in present[name]])
    _write_columns(session, ticket_id, {name: present["ticket"][name] for name in LEAVES})
    return present


def moment(text: str) -> dt.datetime:
    """Return the moment a snapshot wrote."""
    return dt.datetime.fromisoformat(text)


def _rows(session: Session, table: Table, ticket_id: int) -> list[dict[str, Any]]:
    statement = select(table).where(table.c.ticket_id == ticket_id).order_by(table.c.id)
    return [_plain(row) for row in session.connection().execute(statement).mappings()]


def _plain(row: RowMapping) -> dict[str, Any]:
    return {name: plain(value) for name, value in row.items() if name not in OWN_LIFE}


def _typed(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(table.c[name].type, value) for name, value in row.items()}


def _value(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return moment(value)
    return kind.enum_class(value) if isinstance(kind, Enum) and kind.enum_class else value


def _write_columns(session: Session, ticket_id: int, values: Mapping[str, Any]) -> None:
    # Below the write path on purpose: the history must not repeat what leaves it.
    kept = {"updated_at": TICKETS.c.updated_at}
    statement = TICKETS.update().where(TICKETS.c.id == ticket_id).values({**values, **kept})
    session.connection().execute(statement)


def _without_lost_rules(session: Session, snapshot: Snapshot) -> Snapshot:
    named = {row["rule_id"] for row in snapshot["history"]} - {None}
    known = (
        set(session.connection().scalars(select(RULES.c.id).where(RULES.c.id.in_(named)))) if named else named
    )
    history = [row if row["rule_id"] in known else {**row, "rule_id": None} for row in snapshot["history"]]
    return {**snapshot, "history": history}
