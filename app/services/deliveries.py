"""Deliveries: what one sent, and sending it again."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from app.access import Actor, require
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict
from app.core.figures import Figure, Figures
from app.core.i18n import _
from app.models.effects import State
from app.models.webhooks import Delivery, Event, Webhook
from app.record import flush, hint, log
from app.services import tries

MOST = 10_000
"""Events sent again at once."""
HINTS = 4
"""So many tries are made to one receiver at once; each goes on with the rest."""


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
    _refuse_inactive(webhook)
    tried = _to_come(session, delivery) or _another(session, delivery, webhook)
    if tried.state is State.PARKED:
        tried.state, tried.leased_until, tried.lease_count = State.WAITING, None, 0
    tried.due_at = now()
    session.add(tried)
    flush(session)
    log(session, "REPLAY", tried, {"event_id": tried.event_id, "webhook_id": tried.webhook_id})
    return tried


def replay_failed(session: Session, actor: Actor, webhook: Webhook) -> Webhook:
    """Send every event again that no try has delivered to `webhook` and none is to come for, `MOST` at most.

    Raises Conflict where the webhook is switched off, and where it missed nothing.
    """
    require(actor, Can.EDIT, webhook)
    _refuse_inactive(webhook)
    added = session.connection().scalars(_again(webhook)).all()
    if not added:
        raise Conflict(_("This webhook has missed nothing."))
    for row in added[:HINTS]:
        hint(session, Delivery.__effect__, row)
    log(session, "REPLAY_FAILED", webhook, {"count": len(added)})
    return webhook


def _again(webhook: Webhook) -> ReturningInsert[int]:
    table: Any = Delivery.__table__
    ended = func.bool_and(table.c.state.in_((State.FAILED, State.PARKED)))
    missed = (
        select(
            table.c.webhook_id,
            table.c.event_id,
            func.max(table.c.attempt) + 1,
            literal(webhook.secret is not None),
            literal(now()),
            literal(now()),
        )
        .where(table.c.webhook_id == webhook.id, table.c.is_test.is_(False))
        .group_by(table.c.webhook_id, table.c.event_id)
        .having(ended)
        .order_by(table.c.event_id.desc())
        .limit(MOST)
    )
    names = ["webhook_id", "event_id", "attempt", "is_signed", "created_at", "due_at"]
    # Another person may ask for the same at this moment: each event gets one more try.
    return insert(table).from_select(names, missed).on_conflict_do_nothing().returning(table.c.id)


def _refuse_inactive(webhook: Webhook) -> None:
    if not webhook.is_active:
        raise Conflict(_("This webhook is switched off. Switch it on first."))


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
