"""Recurring work on tickets that grow old: resolved ones are closed, closed ones archived.

Each batch commits by itself, so that it can be cut off anywhere.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

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
    return f"{_each_ticket(and_(*stale), _close)} closed"


def archive_closed() -> str:
    """Archive the tickets whose time in the desk is over."""
    stale = (Ticket.status == Status.CLOSED, Ticket.resolved_at < _before(settings().archive_days))
    return f"{_each_ticket(and_(*stale), _archive)} archived"


def _before(days: int) -> dt.datetime:
    return now() - dt.timedelta(days=days)


def _close(session: Session, ticket: Ticket) -> None:
    tickets.edit(session, SYSTEM, ticket, {"status": Status.CLOSED})


def _archive(session: Session, ticket: Ticket) -> None:
    archives.take(session, SYSTEM, ticket, reason="retention")


def _each_ticket(which: ColumnElement[bool], work: Callable[[Session, Ticket], None]) -> int:
    """Do `work` to each ticket, in batches, leaving out those that refuse; return how many it was done to."""
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
            done += sum(_try(session, ticket, work) for ticket in batch)
        if not batch:
            return done
        last = batch[-1].id


def _try(session: Session, ticket: Ticket, work: Callable[[Session, Ticket], None]) -> bool:
    try:
        with session.begin_nested():
            work(session, ticket)
    except Problem as problem:
        log.warning("Ticket %d: %s", ticket.id, problem)
        return False
    return True
