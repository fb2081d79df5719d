"""What of tickets goes to the archive: read as plain JSON, taken away, and written back.

Each function does its work for a whole set of tickets, with one statement for each table.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Enum,
    String,
    Table,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
)
from sqlalchemy import type_coerce as read_as
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import TableValuedAlias

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

LEAVES: Mapping[str, Any] = {"description": "", "custom_fields": {}}
"""Columns of the ticket that leave, and what the stub has in their place."""

OWN_LIFE = {"search", "version"}
"""Columns that the database and the write path keep by themselves."""

Row = dict[str, Any]
Snapshot = dict[str, Any]


def read(session: Session, keys: Sequence[int]) -> dict[int, Snapshot]:
    """Return each ticket with its parts, as JSON can hold it; the same content gives the same snapshot."""
    found: dict[int, Snapshot] = {
        row["id"]: {"ticket": row, **{name: [] for name in PARTS}}
        for row in _rows(session, TICKETS, TICKETS.c.id, keys)
    }
    for name, table in PARTS.items():
        for row in _rows(session, table, table.c.ticket_id, keys):
            found[row["ticket_id"]][name].append(row)
    return found


def counts(snapshot: Snapshot) -> dict[str, int]:
    """Return how many rows of each part there are."""
    return {name: len(snapshot[name]) for name in PARTS}


def take_away(session: Session, keys: Sequence[int], archived_at: dt.datetime) -> None:
    """Let the parts and the long columns leave; stubs are what remains, archived at `archived_at`."""
    connection = session.connection()
    for table in PARTS.values():
        connection.execute(delete(table).where(table.c.ticket_id.in_(keys)))
    stub = {**LEAVES, **_kept(TICKETS.c.updated_at), "archived_at": archived_at}
    connection.execute(TICKETS.update().where(TICKETS.c.id.in_(keys)).values(stub))


def put_back(session: Session, snapshots: Mapping[int, Snapshot]) -> None:
    """Write back what left; the tickets are archived no more."""
    for name, table in PARTS.items():
        _insert(session, table, [row for snapshot in snapshots.values() for row in snapshot[name]])
    was = _typed(TICKETS, [snapshot["ticket"] for snapshot in snapshots.values()])
    back = {name: was.c[name] for name in LEAVES} | _kept(was.c.updated_at) | {"archived_at": None}
    session.connection().execute(TICKETS.update().where(TICKETS.c.id == was.c.id).values(back))


def without_lost_rules(session: Session, snapshots: Mapping[int, Snapshot]) -> dict[int, Snapshot]:
    """Return the snapshots as they can be now: their history names no rule that is gone meanwhile."""
    named = {row["rule_id"] for snapshot in snapshots.values() for row in snapshot["history"]} - {None}
    gone = named - _known(session, named)
    return {key: _without(gone, snapshot) for key, snapshot in snapshots.items()}


def _rows(session: Session, table: Table, key: ColumnElement[int], keys: Sequence[int]) -> Iterator[Row]:
    statement = select(*_columns(table)).where(key.in_(keys)).order_by(table.c.id)
    for row in session.connection().execute(statement).mappings():
        yield {name: plain(value) for name, value in row.items()}


def _columns(table: Table) -> Iterator[ColumnElement[Any]]:
    for one in table.c:
        if one.name not in OWN_LIFE:
            yield read_as(one, String).label(one.name) if isinstance(one.type, Enum) else one


def _insert(session: Session, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows of snapshots; those of another age may have other columns."""
    for names, some in groupby(rows, key=lambda row: tuple(sorted(row))):
        typed = _typed(table, list(some))
        chosen = select(*(typed.c[name] for name in names))
        session.connection().execute(insert(table).from_select(names, chosen))


def _typed(table: Table, rows: Iterable[Row]) -> TableValuedAlias:
    """Return rows of snapshots as rows of `table`: the database reads their values by the columns' types."""
    given = cast(literal(json.dumps(list(rows))), JSON)
    typed = func.json_populate_recordset(literal_column(f"NULL::{table.name}"), given)
    return typed.table_valued(*(column(one.name, one.type) for one in table.c))


def _kept(updated_at: ColumnElement[Any]) -> dict[str, Any]:
    # Below the write path on purpose: the history must not repeat what leaves, and nobody changed a thing.
    return {"updated_at": updated_at, "version": TICKETS.c.version + 1}


def _known(session: Session, named: set[int]) -> set[int]:
    return (
        set(session.connection().scalars(select(RULES.c.id).where(RULES.c.id.in_(named)))) if named else named
    )


def _without(gone: set[int], snapshot: Snapshot) -> Snapshot:
    if not gone:
        return snapshot
    history = [{**row, "rule_id": None} if row["rule_id"] in gone else row for row in snapshot["history"]]
    return {**snapshot, "history": history}
