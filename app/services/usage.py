"""How the API is used: calls of a span of time summed up by key, endpoint, day and answer code.

Everything is read from one index (`ix_api_logs_usage`), bounded by time, in three statements however many
calls there are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

from app.access import Actor, hidden, require, visible
from app.core.declare import Can
from app.core.errors import NotFound
from app.models.keys import ApiCall

FAILED = 400
"""Answer codes from here on are failures."""
SHOWN = 20
"""Endpoints and failures that are told at most."""
CALLS = ApiCall.__table__.c
SUMMED = frozenset(
    {"api_key_id", "endpoint_accessed", "method", "response_code", "duration_ms", "created_at"}
)
KEY, CODE, DAY, ALL = 0b011, 0b101, 0b110, 0b111
"""How PostgreSQL numbers the sets: a bit is set for each column that a row sums up over."""

count = func.count().label("calls")
failed = func.count().filter(CALLS.response_code >= FAILED).label("failed")
p50, p95 = (
    func.percentile_disc(part).within_group(CALLS.duration_ms).label(name)
    for part, name in ((0.5, "p50"), (0.95, "p95"))
)
ORDERS: dict[str, Any] = {"calls": count, "failed": failed, "p50": p50, "p95": p95}
"""What endpoints can be ordered by, the greatest first."""


@dataclass(frozen=True, slots=True)
class Span:
    """The calls that are looked at: from `since` up to, without, `until`; of a key, of no key (0), or all."""

    since: dt.datetime
    until: dt.datetime
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """The sums. Rows have `calls` and `failed`; those of endpoints `p50` and `p95` in milliseconds too."""

    calls: int
    failed: int
    by_key: Sequence[Row[Any]]
    by_day: Sequence[Row[Any]]
    by_code: Sequence[Row[Any]]
    by_endpoint: Sequence[Row[Any]]
    failing: Sequence[Row[Any]]


def usage(session: Session, actor: Actor, span: Span, order: str, zone: str) -> Usage:
    """Sum up the calls of `span`; days are those of `zone`, endpoints ordered by a name of `ORDERS`.

    Raises NotFound for an actor who may not see all that is summed up.
    """
    require(actor, Can.READ, ApiCall)
    if hidden(actor, ApiCall) & SUMMED:
        raise NotFound
    meant = (visible(actor, ApiCall), *_within(span))
    sums = session.execute(_sums(meant, zone)).all()
    whole = next(row for row in sums if row.level == ALL)
    return Usage(
        calls=whole.calls,
        failed=whole.failed,
        by_key=_of(sums, KEY, lambda row: -row.calls),
        by_day=_of(sums, DAY, lambda row: row.day),
        by_code=_of(sums, CODE, lambda row: row.response_code),
        by_endpoint=session.execute(_endpoints(meant, order)).all(),
        failing=session.execute(_failing(meant)).all(),
    )


def _of(sums: Sequence[Row[Any]], level: int, key: Any) -> Sequence[Row[Any]]:
    return sorted((row for row in sums if row.level == level), key=key)


def _within(span: Span) -> tuple[ColumnElement[bool], ...]:
    times = (CALLS.created_at >= span.since, CALLS.created_at < span.until)
    if span.key is None:
        return times
    return (*times, CALLS.api_key_id.is_(None) if span.key == 0 else CALLS.api_key_id == span.key)


def _sums(meant: Sequence[ColumnElement[bool]], zone: str) -> Select[Any]:
    """Return the sums by key, by code, by day and over all, in one go over the calls."""
    day = func.date_trunc("day", CALLS.created_at, zone).label("day")
    one = select(CALLS.api_key_id, CALLS.response_code, day).where(*meant).subquery().c
    sets = func.grouping_sets(tuple_(one.api_key_id), tuple_(one.response_code), tuple_(one.day), tuple_())
    level = func.grouping(one.api_key_id, one.response_code, one.day).label("level")
    wrong = func.count().filter(one.response_code >= FAILED).label("failed")
    return select(level, one.api_key_id, one.response_code, one.day, count, wrong).group_by(sets)


def _endpoints(meant: Sequence[ColumnElement[bool]], order: str) -> Select[Any]:
    names = (CALLS.method, CALLS.endpoint_accessed)
    found = select(*names, count, failed, p50, p95).where(*meant).group_by(*names)
    return found.order_by(ORDERS[order].desc(), *names).limit(SHOWN)


def _failing(meant: Sequence[ColumnElement[bool]]) -> Select[Any]:
    names = (CALLS.method, CALLS.endpoint_accessed, CALLS.response_code)
    found = select(*names, count).where(*meant, CALLS.response_code >= FAILED).group_by(*names)
    return found.order_by(count.desc(), *names).limit(SHOWN)
