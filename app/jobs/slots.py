"""Which delivery goes out next: the oldest of a receiver, as long as the receiver has a slot free."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Integer,
    Row,
    ScalarSelect,
    Select,
    bindparam,
    case,
    cast,
    func,
    select,
    update,
)
from sqlalchemy.orm import Session

from app.core.clock import now
from app.jobs import lease
from app.models.webhooks import Delivery, Event, Webhook

SECONDS = dt.timedelta(seconds=30)
"""A lease. A whole try ends after 10 seconds, so the lease outlasts it by far."""

AT_ONCE, WHILE_FAILING = 4, 1
"""Deliveries under way to one receiver: a slow one holds up nobody, a failing one hardly anything at all."""

LOCK = 724003
"""The advisory lock, with the webhook's number, under which the slots of a receiver are counted."""

DELIVERIES, EVENTS, WEBHOOKS = Delivery.__table__, Event.__table__, Webhook.__table__

RECEIVER = tuple(
    WEBHOOKS.c[name]
    for name in ("url", "secret", "previous_secret", "previous_until", "is_active", "failing_since")
)
CONTENT = (EVENTS.c.event_type, EVENTS.c.payload, EVENTS.c.created_at.label("happened_at"))


WEBHOOK = bindparam("webhook", type_=BigInteger)
UNTIL = bindparam("until", type_=DateTime(timezone=True))


def claim(session: Session, webhook: int) -> Row[Any] | None:
    """Lease the oldest due delivery of `webhook`, and return it with its event and receiver.

    None means that nothing is due, or that all slots are taken; then whoever holds one goes on with the rest.
    The leases themselves are counted, so a killed worker's slot is free again when its lease ends.
    """
    session.connection().execute(HOLD, {"webhook": webhook})
    return go_on(session, webhook)


def go_on(session: Session, webhook: int) -> Row[Any] | None:
    """Lease the oldest due delivery in the slot of one that this transaction has recorded.

    That slot stays taken until the commit, for whoever counts meanwhile, so no lock is needed.
    """
    facts = {"webhook": webhook, "moment": now(), "until": now() + SECONDS}
    return session.connection().execute(CLAIM, facts).one_or_none()


def _claiming() -> Select[Any]:
    slots = case((WEBHOOKS.c.failing_since.is_(None), AT_ONCE), else_=WHILE_FAILING)
    allowed = select(slots).where(WEBHOOKS.c.id == WEBHOOK).scalar_subquery()
    claimed = (
        update(DELIVERIES)
        .where(DELIVERIES.c.id == _oldest(), _taken() < allowed)
        .values(leased_until=UNTIL, lease_count=DELIVERIES.c.lease_count + 1)
        .returning(*DELIVERIES.c)
        .cte("claimed")
    )
    return (
        select(claimed, *RECEIVER, *CONTENT)
        .join(WEBHOOKS, WEBHOOKS.c.id == claimed.c.webhook_id)
        .join(EVENTS, EVENTS.c.id == claimed.c.event_id)
    )


def _oldest() -> ScalarSelect[int]:
    due = DELIVERIES.alias("due")
    mine = select(due.c.id).where(due.c.webhook_id == WEBHOOK, lease.free(due))
    return mine.order_by(due.c.due_at, due.c.id).limit(1).with_for_update(skip_locked=True).scalar_subquery()


def _taken() -> ScalarSelect[int]:
    under_way = DELIVERIES.alias("under_way")
    count = select(func.count()).select_from(under_way)
    return count.where(under_way.c.webhook_id == WEBHOOK, lease.held(under_way)).scalar_subquery()


HOLD = select(func.pg_advisory_xact_lock(LOCK, cast(WEBHOOK % 2**31, Integer)))
"""The lock is kept to the commit, so that no two begin in the same slot."""
CLAIM = _claiming()
"""Built once: putting it together costs more than running it."""
