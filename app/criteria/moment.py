"""Time in criteria: a moment to read a tree at, spans of time, and durations such as `7d` or `8bh`.

Everything compared with a date becomes a span, from its start up to but without its end, so that one set of
comparisons serves days and instants: a day is a span of 24 hours of the desk's zone, an instant one of a
microsecond, which is the finest PostgreSQL keeps.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from app.core.clock import now
from app.criteria.calendar import ALWAYS_OPEN, Calendar
from app.criteria.period import Period

UNITS = {
    "m": dt.timedelta(minutes=1),
    "h": dt.timedelta(hours=1),
    "d": dt.timedelta(days=1),
    "w": dt.timedelta(weeks=1),
}
_DURATION = re.compile(r"([1-9][0-9]{0,3})(b?[mhdw])")
_DAY, _INSTANT = dt.timedelta(days=1), dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """When, where and for whom a tree is read.

    `now` is in UTC, the days of `zone` and the hours of `calendar` count, and `me` is the employee who reads
    (None where nobody does).
    """

    now: dt.datetime
    zone: dt.tzinfo = dt.UTC
    calendar: Calendar = ALWAYS_OPEN
    me: int | None = None

    @classmethod
    def present(cls, zone: dt.tzinfo = dt.UTC, me: int | None = None) -> Moment:
        """Return this moment."""
        return cls(now(), zone, me=me)

    @property
    def today(self) -> dt.date:
        """Return the day it is in the zone."""
        return self.now.astimezone(self.zone).date()

    def start(self, day: dt.date) -> dt.datetime:
        """Return the instant at which `day` begins in the zone."""
        return dt.datetime.combine(day, dt.time(), self.zone).astimezone(dt.UTC)

    def away(self, duration: Duration, sign: int) -> dt.datetime:
        """Return the instant that lies `duration` before (`sign` -1) or after (+1) now."""
        length = sign * duration.delta
        return self.calendar.shift(self.now, length) if duration.business else self.now + length

    @property
    def is_open(self) -> bool:
        """Tell whether it is within business hours."""
        return self.calendar.is_open(self.now)


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to but without `end`: both days, or both instants."""

    start: Any
    end: Any


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as it was written: an amount of minutes (m), hours (h), days (d) or weeks (w).

    With a `b` before the unit (bm, bh) it is counted in business time.
    """

    amount: int
    unit: str

    @classmethod
    def read(cls, raw: object, units: Collection[str]) -> Duration | None:
        """Return the duration written as `raw` ("7d") if its unit is one of `units`, else None."""
        found = _DURATION.fullmatch(raw) if isinstance(raw, str) else None
        return cls(int(found[1]), found[2]) if found and found[2] in units else None

    @property
    def delta(self) -> dt.timedelta:
        """Return the length."""
        return self.amount * UNITS[self.unit[-1]]

    @property
    def business(self) -> bool:
        """Tell whether it runs in business hours only."""
        return self.unit.startswith("b")


def day_span(value: dt.date | Period, moment: Moment) -> Span:
    """Return one day, or those of a period, among days."""
    return Span(*value.days(moment.today)) if isinstance(value, Period) else Span(value, value + _DAY)


def instant_span(value: dt.date | dt.datetime | Period, moment: Moment) -> Span:
    """Return an instant, a day of the zone or those of a period, among instants."""
    if isinstance(value, dt.datetime):
        return Span(value, value + _INSTANT)
    days = day_span(value, moment)
    return Span(moment.start(days.start), moment.start(days.end))


def days_around(duration: Duration, moment: Moment, sign: int) -> Span:
    """Return the days from today back (`sign` -1) or on (+1) by `duration`, both ends included."""
    first, last = sorted((moment.today, moment.today + sign * duration.delta))
    return Span(first, last + _DAY)


def instants_around(duration: Duration, moment: Moment, sign: int) -> Span:
    """Return the instants from now back (`sign` -1) or on (+1) by `duration`, both ends included."""
    first, last = sorted((moment.now, moment.away(duration, sign)))
    return Span(first, last + _INSTANT)
