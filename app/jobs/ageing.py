"""Recurring work on tickets that grow old: resolved ones are closed, closed ones archived.

Each batch commits by itself, so that it can be cut off anywhere.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.clock import now
from app.core.errors import Problem
from app.jobs.unit import settings, unit
from app.models.tickets import Status, Ticket
from app.services import archives, tickets

log = logging.getLogger(__name__)

BATCH = 100
"""Tickets changed in one transaction."""


def close_resolved() -> str:
    """Close the resolved tickets that nobody came back to."""
    stale = (Ticket.status == Status.RESOLVED, Ticket.resolved_at < _before(settings().close_days))
    return f"{_in_batches(and_(*stale), _close)} closed"


def archive_closed() -> str:
    """Archive the tickets whose time in the desk is over."""
    stale = (Ticket.status == Status.CLOSED, Ticket.resolved_at < _before(settings().archive_days))
    return f"{_in_batches(and_(*stale), _archive)} archived"


def _before(days: int) -> dt.datetime:
    return now() - dt.timedelta(days=days)


def _close(session: Session, batch: Sequence[Ticket]) -> int:
    closed = {"status": Status.CLOSED}
    return sum(_kept(session, [one], partial(tickets.edit, session, SYSTEM, one, closed)) for one in batch)


def _archive(session: Session, batch: Sequence[Ticket]) -> int:
    """Archive a batch together; where one of them refuses, each by itself."""

    def take(some: Sequence[Ticket]) -> bool:
        return _kept(session, some, lambda: archives.take_all(session, SYSTEM, some, reason="retention"))

    return len(batch) if take(batch) else sum(take([ticket]) for ticket in batch)


def _in_batches(which: ColumnElement[bool], work: Callable[[Session, Sequence[Ticket]], int]) -> int:
    """Do `work` to all tickets, which leaves out those that refuse; return how many it was done to."""
    done, last = 0, 0
    while True:
        with unit() as session:
            batch = session.scalars(
                select(Ticket)
                .where(which, Ticket.archived_at.is_(None), Ticket.id > last)
                .order_by(Ticket.id)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            ).all()
            done += work(session, batch) if batch else 0
        if not batch:
            return done
        last = batch[-1].id


def _kept(session: Session, some: Sequence[Ticket], work: Callable[[], object]) -> bool:
    """Do `work` in a savepoint; what a service refuses undoes it. Tell whether it is done."""
    try:
        with session.begin_nested():
            work()
    except Problem as problem:
        log.warning("Tickets %s: %s", ", ".join(str(one.id) for one in some), problem)
        return False
    return True
