"""The archive: tickets a second there and back, each proved equal, and how many bytes are left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

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
from bench.report import FIGURES, Table, at_least, at_most

TITLE = "Archive"
TICKETS, BATCH = 500, 100
TAKEN, RESTORED, SHARE = 500, 300, 25

PART = """
LEFT JOIN LATERAL (
  SELECT sum(pg_column_size(r.*)) FROM {table} r WHERE r.ticket_id = t.id
) {table}_bytes(n) ON true
"""
BYTES = """
SELECT sum(pg_column_size(t.*) + {bytes}) FROM tickets t
{parts} WHERE t.id = ANY(:keys)
"""


def run(places: list[Place]) -> list[Table]:
    """Take tickets of the largest size to the archive and back."""
    with copied(places[-1], "archive") as place, application(place).app_context():
        with unit() as session:
            keys = list(session.scalars(_ended()))
            live = session.execute(text(_bytes()), {"keys": keys}).scalar_one()
        taken = _rate(keys, _take)
        with unit() as session:
            made = list(session.scalars(select(Archive.id).where(Archive.ticket_id.in_(keys))))
            kept = session.scalar(select(func.sum(func.octet_length(Archive.snapshot)))) or 0
        restored = _rate(made, _restore)
        db.engine.dispose()
    rows = [
        at_least("into the archive, proved", taken, TAKEN, "{:.0f} a second"),
        at_least("out of it, proved equal byte by byte", restored, RESTORED, "{:.0f} a second"),
        at_most("bytes of the snapshot, of those of the rows", kept / live * 100, SHARE, "{:.0f} %"),
    ]
    title = f"{TICKETS} tickets of {places[-1].tickets:,}, in transactions of {BATCH}"
    return [Table(title, FIGURES, rows)]


def _bytes() -> str:
    """Return the statement that weighs tickets with all that leaves with them."""
    tables = [table.name for table in PARTS.values()]
    weights = " + ".join(f"coalesce({table}_bytes.n, 0)" for table in tables)
    return BYTES.format(bytes=weights, parts="".join(PART.format(table=table) for table in tables))


def _ended() -> Select[int]:
    return (
        select(Ticket.id)
        .where(Ticket.status == Status.CLOSED, Ticket.archived_at.is_(None))
        .order_by(Ticket.id)
        .limit(TICKETS)
    )


def _take(session: Session, keys: Sequence[int]) -> Iterator[None]:
    for ticket in session.scalars(select(Ticket).where(Ticket.id.in_(keys))).all():
        archives.take(session, SYSTEM, ticket, reason="bench")
        yield


def _restore(session: Session, keys: Sequence[int]) -> Iterator[None]:
    for archive in session.scalars(select(Archive).where(Archive.id.in_(keys))).all():
        archives.restore(session, SYSTEM, archive)
        yield


def _rate(keys: list[int], work: Callable[[Session, Sequence[int]], Iterator[None]]) -> float:
    """Return how many a second, commits included."""
    started, done = time.perf_counter(), 0
    for start in range(0, len(keys), BATCH):
        with unit() as session:
            done += sum(1 for _ in work(session, keys[start : start + BATCH]))
    return done / (time.perf_counter() - started)
