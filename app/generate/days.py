"""Days in the filters of a list: those of the person who asks, told to criteria as moments.

Criteria know the days of the desk's zone, since many share them (a rule, a policy). A filter is one person's
question about times they read in their own zone. Told as moments, it means the same rows wherever it travels:
in a selection, in a job.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from app.core.errors import Invalid
from app.criteria import Moment
from app.criteria.moment import Span, day_span, instant_span
from app.criteria.period import Period
from app.fields import Field, Kind

Told = dict[str, Any]
Ask = Callable[[str, Any], Told]
PLACED: Mapping[Kind, Callable[[Any, Moment], Span]] = {Kind.DATETIME: instant_span, Kind.DATE: day_span}
SPANS: Mapping[str, Callable[[Ask, Span], Told]] = {
    "is": lambda ask, span: {"all": [ask("gte", span.start), ask("before", span.end)]},
    "is_not": lambda ask, span: {"any": [ask("before", span.start), ask("gte", span.end)]},
    "before": lambda ask, span: ask("before", span.start),
    "lte": lambda ask, span: ask("before", span.end),
    "gte": lambda ask, span: ask("gte", span.start),
    "after": lambda ask, span: ask("gte", span.end),
}
"""What each operator asks of the moments of a span, from its start up to but without its end."""


def in_zone(field: Field, operator: str, raw: str, zone: dt.tzinfo) -> Told | None:
    """Return a filter on a day, or days by name (`today`), as criteria; None if it is about anything else."""
    day = _day(field, raw) if field.kind in PLACED and operator in SPANS else None
    if day is None:
        return None
    span = PLACED[field.kind](day, Moment.present(zone))
    return SPANS[operator](lambda op, at: {"field": field.name, "op": op, "value": at.isoformat()}, span)


def _day(field: Field, raw: str) -> dt.date | Period | None:
    """Return the day of `zone` that is meant; a day among days is the same in every zone."""
    period = Period.read(raw)
    if period is not None or field.kind is Kind.DATE:
        return period
    try:
        value = field.operand(raw)
    except Invalid:  # which criteria will say with the path of the mistake
        return None
    return None if isinstance(value, dt.datetime) else value
