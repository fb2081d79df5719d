"""The archive: tickets a second there and back, each proved equal, and how many bytes are left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.extensions import db
from app.jobs.unit import unit
from app.models.archives import Archive
from app.models.tickets import Status, Ticket
from app.services import archives
from app.services.archives.snapshot import PARTS
from bench.cluster import Place, copied
from bench.data import application
from bench.meter import used
from bench.report import FIGURES, Table, at_least, at_most, only_told

TITLE = "Archive"
TICKETS, BATCH, TIMES = 500, 100, 3
TAKEN, RESTORED, SHARE = 500, 300, 25

LIFE = """
WITH lived AS (
  SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS all_of_them FROM tickets
  WHERE EXISTS (SELECT FROM routing_decisions d WHERE d.ticket_id = tickets.id)
    AND status IN ('resolved', 'closed')
), pair AS (
  SELECT lived.id AS model, given.id FROM unnest(CAST(:keys AS bigint[])) WITH ORDINALITY AS given(id, place)
  JOIN lived ON lived.place = given.place % lived.all_of_them
), changed AS (
  INSERT INTO ticket_history (ticket_id, changed_by, changes, actor_type, source, rule_id, created_at)
  SELECT pair.id, changed_by, changes, actor_type, source, rule_id, created_at
  FROM pair JOIN ticket_history ON ticket_id = model ORDER BY pair.id, ticket_history.id
)
INSERT INTO routing_decisions (ticket_id, event, inputs, trace, outcome, created_at)
SELECT pair.id, event, inputs, trace, outcome, created_at
FROM pair JOIN routing_decisions ON ticket_id = model ORDER BY pair.id, routing_decisions.id
"""
"""Gives copied tickets, which have messages only, history and decisions of the demo desk's tickets."""

NOTE = (
    "The tickets have three messages, and the history and routing decision of tickets that went through the"
    " demo desk. Bytes are those of rows as PostgreSQL keeps them, without indexes."
)

PART = """
LEFT JOIN LATERAL (
  SELECT sum(pg_column_size(r.*)) FROM {table} r WHERE r.ticket_id = t.id
) {table}_bytes(n) ON true
"""
BYTES = """
SELECT sum(pg_column_size(t.*) + {bytes}) FROM tickets t
{parts} WHERE t.id = ANY(:keys)
"""
TABLES = tuple(table.name for table in PARTS.values())


@dataclass(frozen=True)
class Pace:
    """Tickets a second: of CPU time, of program and database together, and by the clock."""

    core: float
    clock: float


@dataclass(frozen=True)
class Bytes:
    """Bytes of rows: of all there was, of ticket and messages alone, of the snapshot, of what is left."""

    whole: float
    bare: float
    kept: float
    left: float


def run(places: list[Place]) -> list[Table]:
    """Take tickets of the largest size to the archive and back."""
    with copied(places[-1], "archive") as place, application(place).app_context():
        with unit() as session:
            keys = list(session.scalars(_ended()))
            bare = _weight(session, keys, *TABLES)
            session.execute(text(LIFE), {"keys": keys})
            whole = _weight(session, keys, *TABLES)
        taken, restored = [_pace(keys, _take)], []
        with unit() as session:
            left = _weight(session, keys, *TABLES, Archive.__tablename__)
            kept = session.scalar(select(func.sum(Archive.size))) or 0
        for _ in range(TIMES):
            restored.append(_pace(_made(), _restore))
            taken.append(_pace(keys, _take))
        db.engine.dispose()
    weights = Bytes(*(number / TICKETS for number in (whole, bare, kept, left)))
    title = f"{TICKETS} tickets of {places[-1].tickets:,}, in transactions of {BATCH}, the best of some times"
    return [Table(title, FIGURES, [*_paces(taken, restored), *_bytes(weights)], NOTE)]


def _paces(taken: list[Pace], restored: list[Pace]) -> Iterator[tuple[str, ...]]:
    for what, paces, least in (
        ("into the archive, proved", taken, TAKEN),
        ("out of it, proved equal byte by byte", restored, RESTORED),
    ):
        clock = f" ({max(pace.clock for pace in paces):.0f} by the clock, beside what else runs here)"
        yield at_least(what, max(pace.core for pace in paces), least, "{:.0f} a second of CPU", clock)


def _bytes(weights: Bytes) -> Iterator[tuple[str, ...]]:
    yield at_most(
        "bytes of the snapshots, of those of the rows", weights.kept / weights.whole * 100, SHARE, "{:.0f} %"
    )
    yield only_told("bytes of a ticket's rows", weights.whole, "{:,.0f}")
    yield only_told("of which the ticket and its messages", weights.bare, "{:,.0f}")
    yield only_told("bytes of its snapshot", weights.kept, "{:,.0f}")
    yield only_told(
        "bytes of all its rows afterwards: stub, archive, what tells of it", weights.left, "{:,.0f}"
    )


def _weight(session: Session, keys: Sequence[int], *tables: str) -> int:
    """Return the bytes of tickets and of their rows in `tables`."""
    weights = " + ".join(f"coalesce({table}_bytes.n, 0)" for table in tables)
    statement = BYTES.format(bytes=weights, parts="".join(PART.format(table=table) for table in tables))
    return int(session.execute(text(statement), {"keys": keys}).scalar_one())


def _ended() -> Select[int]:
    bare = ~select(PARTS["decisions"].c.id).where(PARTS["decisions"].c.ticket_id == Ticket.id).exists()
    ended = select(Ticket.id).where(Ticket.status == Status.CLOSED, Ticket.archived_at.is_(None), bare)
    return ended.order_by(Ticket.id).limit(TICKETS)


def _made() -> list[int]:
    with unit() as session:
        there = select(Archive.id).where(Archive.restored_at.is_(None)).order_by(Archive.id)
        return list(session.scalars(there))


def _take(session: Session, keys: Sequence[int]) -> None:
    found = session.scalars(select(Ticket).where(Ticket.id.in_(keys))).all()
    archives.take_all(session, SYSTEM, found, reason="bench")


def _restore(session: Session, keys: Sequence[int]) -> None:
    found = session.scalars(select(Archive).where(Archive.id.in_(keys))).all()
    archives.restore_all(session, SYSTEM, found)


def _pace(keys: Sequence[int], work: Callable[[Session, Sequence[int]], None]) -> Pace:
    """Return how many a second, commits included."""
    with unit() as session:
        backend = session.scalar(text("SELECT pg_backend_pid()")) or 0
    started, spent = time.perf_counter(), time.process_time() + used(backend)
    for start in range(0, len(keys), BATCH):
        with unit() as session:
            work(session, keys[start : start + BATCH])
    seconds = time.process_time() + used(backend) - spent
    return Pace(len(keys) / seconds, len(keys) / (time.perf_counter() - started))
