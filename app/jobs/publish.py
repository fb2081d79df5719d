"""Events become deliveries: one for each active webhook that listens for them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core.clock import now
from app.jobs import lease
from app.jobs.unit import unit
from app.models.effects import State
from app.models.webhooks import Delivery, Event, Webhook
from app.services import webhooks

log = logging.getLogger(__name__)

BATCH = 100
"""Events published in one transaction; what a burst leaves over is taken at once afterwards."""

EVENTS, DELIVERIES = Event.__table__, Delivery.__table__


def publish() -> dict[int, list[int]]:
    """Publish the oldest events that are due, at most `BATCH`, and return the new deliveries by webhook.

    It all happens in one transaction, so no lease is needed: a killed process leaves the events as they were.
    """
    with unit() as session:
        due = (
            select(EVENTS)
            .where(lease.free(EVENTS))
            .order_by(EVENTS.c.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        events = session.connection().execute(due, {"moment": now()}).all()
        if not events:
            return {}
        return _add(session, list(_deliveries(session, events)))


def _deliveries(session: Session, events: Iterable[Row[Any]]) -> Iterator[dict[str, Any]]:
    """Yield a delivery for each pair of event and listener, and mark the events."""
    active = session.scalars(select(Webhook).where(Webhook.is_active)).all()
    published = []
    for event in events:
        try:
            heard = [webhook for webhook in active if webhooks.hears(session, webhook, event)]
        except Exception as error:
            log.exception("Event %d cannot be published.", event.id)
            _put_off(session, event, error)
            continue
        published.append(event.id)
        yield from (_delivery(webhook, event) for webhook in heard)
    done = {"state": State.DONE, "done_at": now(), "published_at": now(), "error": None}
    session.connection().execute(update(EVENTS).where(EVENTS.c.id.in_(published)).values(done))


def _delivery(webhook: Webhook, event: Row[Any]) -> dict[str, Any]:
    return {
        "webhook_id": webhook.id,
        "event_id": event.id,
        "attempt": 1,
        "is_signed": webhook.secret is not None,
        "created_at": now(),
        "due_at": now(),
    }


def _add(session: Session, rows: list[dict[str, Any]]) -> dict[int, list[int]]:
    added: dict[int, list[int]] = {}
    if rows:
        # An event that a person publishes anew finds its first deliveries there already.
        statement = insert(DELIVERIES).on_conflict_do_nothing()
        returned = statement.returning(DELIVERIES.c.webhook_id, DELIVERIES.c.id)
        for webhook, delivery in session.connection().execute(returned, rows):
            added.setdefault(webhook, []).append(delivery)
    return added


def _put_off(session: Session, event: Row[Any], error: Exception) -> None:
    count = event.lease_count + 1
    values = {"lease_count": count, "error": lease.told(error)}
    session.connection().execute(
        update(EVENTS).where(EVENTS.c.id == event.id).values(values | lease.after_failure(count))
    )
