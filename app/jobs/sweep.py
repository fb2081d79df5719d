"""What the queue lost is found again: effects that are due and that nobody holds get a new hint."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Table, select, true
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.extensions import enqueue, queue
from app.jobs import lease, slots, turn
from app.jobs.queues import BULK, EFFECTS
from app.models.mails import Mail
from app.models.webhooks import Delivery, Event, Webhook

GRACE = dt.timedelta(seconds=2)
"""An effect that became due just now was told to the queue by whoever made it."""

MOST = 200
"""Mails, or receivers, hinted at in one sweep; the next one is seconds away."""

MOST_JOBS = 20
"""Jobs hinted at in one sweep: one worker does them one after the other."""

FULL = 1000
"""With so many jobs in the queue more hints would say nothing new."""

EVENTS, DELIVERIES, MAILS, WEBHOOKS = Event.__table__, Delivery.__table__, Mail.__table__, Webhook.__table__


def sweep(session: Session) -> list[tuple[str, int]]:
    """Park what kills its holders, and tell the queue of what waits; return what it was told.

    One event stands for all, since they are published together; a receiver needs no more hints than it has
    slots. Raises RedisError.
    """
    for table in (EVENTS, DELIVERIES, MAILS):
        lease.park(session, table)
    turn.park(session)
    if queue(EFFECTS).count >= FULL:
        return []
    found = [
        *(("job", row) for row in _overdue_jobs(session)),
        *(("event", row) for row in _overdue(session, EVENTS, 1)),
        *(("delivery", row) for row in _overdue_deliveries(session)),
        *(("mail", row) for row in _overdue(session, MAILS, MOST)),
    ]
    enqueue(found)
    return found


def _overdue(session: Session, table: Table, most: int) -> list[int]:
    late = table.c.due_at <= lease.MOMENT - GRACE
    rows = select(table.c.id).where(lease.free(table), late).order_by(table.c.due_at, table.c.id).limit(most)
    return list(session.connection().scalars(rows, {"moment": now()}))


def _overdue_jobs(session: Session) -> list[int]:
    """Return the oldest jobs that are due, unless the queue for them is well filled already."""
    if queue(BULK).count >= MOST_JOBS:
        return []
    late = turn.JOBS.c.due_at <= now() - GRACE
    rows = select(turn.JOBS.c.id).where(turn.due(), late).order_by(turn.JOBS.c.due_at).limit(MOST_JOBS)
    return list(session.connection().scalars(rows))


def _overdue_deliveries(session: Session) -> list[int]:
    """Return the oldest overdue deliveries of each receiver, so that one with a long queue hides no other."""
    oldest = (
        select(DELIVERIES.c.id)
        .where(DELIVERIES.c.webhook_id == WEBHOOKS.c.id, lease.free(DELIVERIES))
        .where(DELIVERIES.c.due_at <= lease.MOMENT - GRACE)
        .order_by(DELIVERIES.c.due_at, DELIVERIES.c.id)
        .limit(slots.AT_ONCE)
        .lateral()
    )
    rows = select(oldest.c.id).select_from(WEBHOOKS.join(oldest, true())).limit(MOST * slots.AT_ONCE)
    return list(session.connection().scalars(rows, {"moment": now()}))
