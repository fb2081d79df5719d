"""What those who look after integrations should know: keys that end, receivers and calls that fail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import or_
from sqlalchemy.orm import Session

from app.access import Actor
from app.core.clock import now
from app.core.i18n import _
from app.models.effects import State
from app.models.keys import ApiCall, ApiKey
from app.models.webhooks import Delivery, Event, Webhook
from app.services.attention import Matter, Question, counted
from app.services.usage import FAILED

SOON = dt.timedelta(days=14)
"""How long before its end a key is spoken of."""
DAY = dt.timedelta(days=1)
OURS = 500
"""Answer codes from here on are our own mistakes."""


def matters(session: Session, actor: Actor) -> list[Matter]:
    """Return what the actor may look at, with its counts: one statement."""
    return counted(session, actor, (*_keys(), *_webhooks(), *_calls()))


def _keys() -> Iterator[Question]:
    moment, end = now(), now() + SOON
    live = (or_(ApiKey.revoked_at.is_(None), ApiKey.revoked_at > moment),)
    yield Question(
        _("Keys that end within two weeks"),
        ApiKey,
        (ApiKey.revoked_at.is_(None), ApiKey.expires_at.between(moment, end)),
        "/admin/api_keys/list/?revoked_at[empty]=1"
        f"&expires_at[gte]={moment.date()}&expires_at[lte]={end.date()}",
        "key-round",
        presses=True,
    )
    yield Question(
        _("Keys that work"),
        ApiKey,
        (*live, or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > moment)),
        "/admin/api_keys/list/?revoked_at[empty]=1",
        "key-round",
    )


def _webhooks() -> Iterator[Question]:
    failing = "/admin/webhooks/list/?failing_since[not_empty]=1"
    yield Question(
        _("Webhooks that fail"), Webhook, (Webhook.failing_since.is_not(None),), failing, "webhook",
        presses=True,
    )  # fmt: skip
    yield Question(
        _("Events that were parked"), Event, (Event.state == State.PARKED,),
        "/console/outbox_events/?state=parked", "radio", presses=True,
    )  # fmt: skip
    yield Question(
        _("Webhooks that are on"), Webhook, (Webhook.is_active.is_(True),),
        "/admin/webhooks/list/?is_active=1", "webhook",
    )  # fmt: skip
    yield Question(
        _("Deliveries that failed in the last day"),
        Delivery,
        (Delivery.state == State.FAILED, Delivery.created_at >= now() - DAY),
        "/console/webhook_deliveries/?state=failed&created_at[within_last]=1d",
        "send",
    )


def _calls() -> Iterator[Question]:
    recent, where = ApiCall.created_at >= now() - DAY, "/console/api_logs/?created_at[within_last]=1d"
    yield Question(
        _("Calls of the last day that broke on our side"), ApiCall, (recent, ApiCall.response_code >= OURS),
        f"{where}&response_code[gte]={OURS}", "circle-alert", presses=True,
    )  # fmt: skip
    yield Question(
        _("Calls of the last day that were refused"),
        ApiCall,
        (recent, ApiCall.response_code.between(FAILED, OURS - 1)),
        f"{where}&response_code[gte]={FAILED}&response_code[lte]={OURS - 1}",
        "ban",
    )
    yield Question(_("Calls of the last day"), ApiCall, (recent,), where, "activity")
