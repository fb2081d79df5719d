"""Open hours: each within one day, and none twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.core.errors import Invalid
from app.core.i18n import _
from app.models.coverage import OpenInterval
from app.services import plain


def add(session: Session, actor: Actor, values: dict[str, Any]) -> OpenInterval:
    """Add open hours to a weekday. Raises NotFound, Invalid."""
    _refuse_backward(values.get("starts"), values.get("ends"))
    interval: OpenInterval = plain.add(session, actor, OpenInterval, values)
    _refuse_double(session, interval)
    return interval


def edit(
    session: Session,
    actor: Actor,
    interval: OpenInterval,
    values: dict[str, Any],
    expected: int | None = None,
) -> OpenInterval:
    """Change open hours. Raises NotFound, Stale, Invalid."""
    _refuse_backward(values.get("starts", interval.starts), values.get("ends", interval.ends))
    plain.edit(session, actor, interval, values, expected)
    _refuse_double(session, interval)
    return interval


def delete(session: Session, actor: Actor, interval: OpenInterval, expected: int | None = None) -> None:
    """Take open hours away. Raises NotFound, Stale."""
    plain.delete(session, actor, interval, expected)


def _refuse_backward(starts: str | None, ends: str | None) -> None:
    if starts and ends and ends <= starts:
        text = _("Choose an end after the beginning. Hours past midnight are hours of the next day too.")
        raise Invalid.one("ends", "not_possible", text)


def _refuse_double(session: Session, interval: OpenInterval) -> None:
    same = (OpenInterval.hours_id == interval.hours_id, OpenInterval.weekday == interval.weekday)
    across = (OpenInterval.starts < interval.ends, OpenInterval.ends > interval.starts)
    other = session.scalar(
        select(OpenInterval).where(*same, *across, OpenInterval.id != interval.id).limit(1)
    )
    if other is not None:
        facts = {"starts": other.starts, "ends": other.ends}
        raise Invalid.one("starts", "taken", _("Open already from %(starts)s to %(ends)s.", **facts))
