"""Time in criteria: a moment to read a tree at, spans of time, and durations such as `7d`.

Everything compared with a date becomes a span, from its start up to but without its end, so that one set of
comparisons serves days and instants: a day is a span of 24 hours of the desk's zone, an instant one of a
microsecond, which is the finest PostgreSQL keeps.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from app.core.clock import now

_UNITS = {
    "m": dt.timedelta(minutes=1),
    "h": dt.timedelta(hours=1),
    "d": dt.timedelta(days=1),
    "w": dt.timedelta(weeks=1),
}
_DURATION = re.compile(r"([1-9][0-9]{0,3})([mhdw])")
_DAY, _INSTANT = dt.timedelta(days=1), dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where a tree is read: `now` in UTC, and the zone whose days count."""

    now: dt.datetime
    zone: dt.tzinfo = dt.UTC

    @classmethod
    def present(cls, zone: dt.tzinfo = dt.UTC) -> Moment:
        """Return this moment."""
        return cls(now(), zone)

    @property
    def today(self) -> dt.date:
        """Return the day it is in the zone."""
        return self.now.astimezone(self.zone).date()

    def start(self, day: dt.date) -> dt.datetime:
        """Return the instant at which `day` begins in the zone."""
        return dt.datetime.combine(day, dt.time(), self.zone).astimezone(dt.UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to but without `end`: both days, or both instants."""

    start: Any
    end: Any


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as it was written: an amount of minutes (m), hours (h), days (d) or weeks (w)."""

    amount: int
    unit: str

    @classmethod
    def read(cls, raw: object, units: str) -> Duration | None:
        """Return the duration written as `raw` ("7d") if its unit is one of `units`, else None."""
        found = _DURATION.fullmatch(raw) if isinstance(raw, str) else None
        return cls(int(found[1]), found[2]) if found and found[2] in units else None

    @property
    def delta(self) -> dt.timedelta:
        """Return the length."""
        return self.amount * _UNITS[self.unit]


def day_span(day: dt.date, _moment: Moment) -> Span:
    """Return one day among days."""
    return Span(day, day + _DAY)


def instant_span(value: dt.date | dt.datetime, moment: Moment) -> Span:
    """Return a day of the zone, or an instant, among instants."""
    if isinstance(value, dt.datetime):
        return Span(value, value + _INSTANT)
    return Span(moment.start(value), moment.start(value + _DAY))


def days_around(duration: Duration, moment: Moment, sign: int) -> Span:
    """Return the days from today back (`sign` -1) or on (+1) by `duration`, both ends included."""
    first, last = sorted((moment.today, moment.today + sign * duration.delta))
    return Span(first, last + _DAY)


def instants_around(duration: Duration, moment: Moment, sign: int) -> Span:
    """Return the instants from now back (`sign` -1) or on (+1) by `duration`, both ends included."""
    first, last = sorted((moment.now, moment.now + sign * duration.delta))
    return Span(first, last + _INSTANT)
