"""One try to deliver one event to one receiver: signed, posted, and written down."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Row, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.adapters import http
from app.core.clock import now
from app.core.i18n import _
from app.jobs import lease
from app.jobs.ladder import next_due
from app.models.webhooks import Delivery, Webhook
from app.services import tries, webhooks

GIVEN_UP = dt.timedelta(days=5)
"""A receiver that failed without a break for so long is switched off."""

GONE = 410
"""The answer that asks never to be told again (Standard Webhooks 1.0)."""

DELIVERIES, WEBHOOKS = Delivery.__table__, Webhook.__table__


def post(row: Row[Any]) -> tries.Result:
    """Send a claimed delivery; nothing is written here. Raises VaultError when its secret stays shut."""
    if not row.is_active:
        return tries.Result(error=str(_("The webhook is switched off.")))
    message = tries.Message(
        event_id=row.event_id,
        event_type=row.event_type,
        happened_at=row.happened_at,
        payload=row.payload,
    )
    return tries.send(row.url, message, tries.secrets_of(row))


def record(session: Session, row: Row[Any], result: tries.Result) -> None:
    """Write down what came of a try, and what follows from it. Raises lease.Lost."""
    lease.finish(session, DELIVERIES, row, **result.columns())
    if result.is_success:
        _recovered(session, row)
    elif row.is_active:
        _failed(session, row, result.answer)


def _recovered(session: Session, row: Row[Any]) -> None:
    if row.failing_since is not None:
        _set_failing(session, row, None)


def _failed(session: Session, row: Row[Any], answer: http.Answer | None) -> None:
    since = row.failing_since or now()
    if row.failing_since is None:
        _set_failing(session, row, since)
    if answer is not None and answer.status == GONE:
        webhooks.disable(session, row.webhook_id, _("The receiver answered 410 Gone."))
    elif now() - since >= GIVEN_UP:
        webhooks.disable(session, row.webhook_id, _("The receiver failed for five days."))
    else:
        asked = answer.headers.get("retry-after") if answer is not None else None
        _try_again(session, row, next_due(row.attempt, asked))


def _set_failing(session: Session, row: Row[Any], since: dt.datetime | None) -> None:
    statement = update(WEBHOOKS).where(WEBHOOKS.c.id == row.webhook_id).values(failing_since=since)
    session.connection().execute(statement)


def _try_again(session: Session, row: Row[Any], due: dt.datetime | None) -> None:
    if due is None:
        return
    following = {
        "webhook_id": row.webhook_id,
        "event_id": row.event_id,
        "attempt": row.attempt + 1,
        "is_signed": row.secret is not None,
        "created_at": now(),
        "due_at": due,
    }
    # A person may have asked for the event again in the meantime; then that try goes on instead.
    session.connection().execute(insert(DELIVERIES).values(following).on_conflict_do_nothing())
