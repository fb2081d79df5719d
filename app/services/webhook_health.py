"""How a receiver fares, from its latest tries: two statements, small however many there are."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.figures import Figure, Figures
from app.core.i18n import Text, _
from app.fields import Kind
from app.fields.display import in_words
from app.models.effects import State
from app.models.webhooks import Delivery, Webhook

DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
MOST = 10_000
"""Tries that are looked at: a busy receiver's rates are those of its latest."""


def figures(session: Session, webhook: Webhook) -> Figures:
    """Return success, time and backlog of a receiver. Tests do not count."""
    ended, waiting = _ended(session, webhook), _waiting(session, webhook)
    return Figures(
        _("Health"),
        (
            Figure(_("Delivered in 24 hours"), _share(ended.day_done, ended.day)),
            Figure(_("Delivered in 7 days"), _share(ended.week_done, ended.week)),
            Figure(_("Median answer time"), _milliseconds(ended.median)),
            Figure(_("95% answer within"), _milliseconds(ended.slow)),
            Figure(_("Waiting"), _number(waiting.tries)),
            Figure(_("Next try"), waiting.next_due),
        ),
    )


def _ended(session: Session, webhook: Webhook) -> Row[Any]:
    moment = now()
    latest = (
        select(Delivery.state, Delivery.duration_ms, Delivery.created_at)
        .where(Delivery.webhook_id == webhook.id, Delivery.created_at >= moment - WEEK)
        .where(Delivery.state.in_((State.DONE, State.FAILED)), Delivery.is_test.is_(False))
        .order_by(Delivery.created_at.desc())
        .limit(MOST)
        .subquery()
    )
    today, done = latest.c.created_at >= moment - DAY, latest.c.state == State.DONE
    counted = select(
        func.count().filter(today).label("day"),
        func.count().filter(today, done).label("day_done"),
        func.count().label("week"),
        func.count().filter(done).label("week_done"),
        _percentile(0.5, latest.c.duration_ms).label("median"),
        _percentile(0.95, latest.c.duration_ms).label("slow"),
    )
    return session.execute(counted.select_from(latest)).one()


def _waiting(session: Session, webhook: Webhook) -> Row[Any]:
    due = (
        select(Delivery.due_at)
        .where(Delivery.webhook_id == webhook.id, Delivery.state == State.WAITING)
        .order_by(Delivery.due_at)
        .limit(MOST)
        .subquery()
    )
    counted = select(func.count().label("tries"), func.min(due.c.due_at).label("next_due"))
    return session.execute(counted.select_from(due)).one()


def _percentile(part: float, column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.percentile_disc(part).within_group(column)


def _share(done: int, count: int) -> Text | None:
    if not count:
        return None
    share = _number(round(100 * done / count, 1))
    return _("%(share)s%% of %(count)s", share=share, count=_number(count))


def _milliseconds(value: int | None) -> Text | None:
    return None if value is None else _("%(count)s ms", count=_number(value))


def _number(value: float) -> Text:
    return in_words(Kind.DECIMAL, value, {})
