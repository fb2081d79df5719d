"""One try to deliver one event to one receiver: signed, posted, and written down."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import orjson
from flask import current_app
from sqlalchemy import Row, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.adapters import http, webhook_signature
from app.core.clock import now
from app.core.i18n import _
from app.jobs import lease
from app.jobs.ladder import next_due
from app.models.effects import State
from app.models.webhooks import Delivery, Webhook
from app.services import webhooks

GIVEN_UP = dt.timedelta(days=5)
"""A receiver that failed without a break for so long is switched off."""

GONE = 410
"""The answer that asks never to be told again (Standard Webhooks 1.0)."""

DELIVERIES, WEBHOOKS = Delivery.__table__, Webhook.__table__


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a try: an answer, or why there is none."""

    answer: http.Answer | None = None
    error: str | None = None

    @property
    def is_success(self) -> bool:
        """Whether the receiver took it."""
        return self.answer is not None and self.answer.is_success


def post(row: Row[Any]) -> Result:
    """Send a claimed delivery; nothing is written here. Raises VaultError when its secret stays shut."""
    if not row.is_active:
        return Result(error=str(_("The webhook is switched off.")))
    content = body(row)
    headers = {"content-type": "application/json", **_signature(row, content)}
    try:
        return Result(http.from_config(current_app.config).post(row.url, content, headers))
    except (http.Refused, http.Unreachable) as error:
        return Result(error=f"{error.code}: {error.message}")


def body(row: Row[Any]) -> bytes:
    """Return what is sent: the same bytes at every try, since the event never changes."""
    content = {
        "type": row.event_type,
        "timestamp": row.happened_at,
        "sequence": row.event_id,
        "data": row.payload,
    }
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)


def _signature(row: Row[Any], content: bytes) -> dict[str, str]:
    identity, timestamp = f"evt_{row.event_id}", int(now().timestamp())
    if row.secret is None:
        return {"webhook-id": identity, "webhook-timestamp": str(timestamp)}
    return webhook_signature.sign([webhooks.unseal(row.secret)], identity, timestamp, content)


def record(session: Session, row: Row[Any], result: Result) -> None:
    """Write down what came of a try, and what follows from it. Raises lease.Lost."""
    state = State.DONE if result.is_success else State.FAILED
    lease.finish(session, DELIVERIES, row, state=state, done_at=now(), **_seen(result))
    if result.is_success:
        _recovered(session, row)
    elif row.is_active:
        _failed(session, row, result.answer)


def _seen(result: Result) -> dict[str, Any]:
    answer = result.answer
    if answer is None:
        return {"error": result.error}
    return {
        "error": None,
        "response_code": answer.status,
        "response_excerpt": answer.body,
        "duration_ms": answer.milliseconds,
    }


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
