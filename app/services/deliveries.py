"""Deliveries: what one sent, and sending it again."""

from __future__ import annotations

import orjson
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.clock import now
from app.core.declare import Can
from app.core.figures import Figure, Figures
from app.core.i18n import _
from app.models.effects import State
from app.models.webhooks import Delivery, Event, Webhook
from app.record import flush, log
from app.services import replays, tries


def figures(session: Session, delivery: Delivery) -> Figures:
    """Return what was, or will be, sent: the headers of this try, and the body."""
    event = session.get_one(Event, delivery.event_id)
    return Figures(
        _("Request"),
        (
            Figure(_("Headers"), delivery.request_headers),
            Figure(_("Body"), orjson.loads(tries.message_of(event).body)),
        ),
    )


def replay(session: Session, actor: Actor, delivery: Delivery) -> Delivery:
    """Send the event of `delivery` to its webhook again, now, and return the new try.

    A try that waits for its time, or is parked, is brought forward instead, so that there is never more than
    one to come. Raises Conflict where the webhook is switched off.
    """
    require(actor, Can.EDIT, delivery)
    webhook = session.get_one(Webhook, delivery.webhook_id)
    replays.refuse_inactive(webhook)
    tried = _to_come(session, delivery) or _another(session, delivery, webhook)
    if tried.state is State.PARKED:
        tried.state, tried.leased_until, tried.lease_count = State.WAITING, None, 0
    tried.due_at = now()
    session.add(tried)
    flush(session)
    log(session, "REPLAY", tried, {"event_id": tried.event_id, "webhook_id": tried.webhook_id})
    return tried


def _to_come(session: Session, delivery: Delivery) -> Delivery | None:
    open_states = (State.WAITING, State.PARKED)
    tries = select(Delivery).where(*_same(delivery), Delivery.state.in_(open_states)).with_for_update()
    return session.scalars(tries.order_by(Delivery.attempt.desc()).limit(1)).first()


def _another(session: Session, delivery: Delivery, webhook: Webhook) -> Delivery:
    last = session.scalar(select(func.max(Delivery.attempt)).where(*_same(delivery))) or 0
    return Delivery(
        webhook_id=delivery.webhook_id,
        event_id=delivery.event_id,
        attempt=last + 1,
        is_signed=webhook.secret is not None,
    )


def _same(delivery: Delivery) -> tuple[ColumnElement[bool], ...]:
    return Delivery.event_id == delivery.event_id, Delivery.webhook_id == delivery.webhook_id
