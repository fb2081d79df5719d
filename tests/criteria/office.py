"""A desk that is open on weekdays from nine to five, in Berlin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
SATURDAY = 5


class Office:
    """A calendar as criteria know it."""

    def is_open(self, at: dt.datetime) -> bool:
        """Tell whether somebody is there."""
        start, end = hours(at.astimezone(BERLIN).date())
        return start <= at < end

    def shift(self, at: dt.datetime, length: dt.timedelta) -> dt.datetime:
        """Go on, or back, through open hours only."""
        sign, left = (-1, -length) if length < dt.timedelta() else (1, length)
        for start, end in days(at, sign):
            near, far = (max(start, at), end) if sign > 0 else (min(end, at), start)
            room = max(sign * (far - near), dt.timedelta())
            if left <= room:
                return near + sign * left
            left -= room
        raise AssertionError("days never end")


def hours(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """From when to when it is open; never at a weekend."""
    last = 9 if day.weekday() >= SATURDAY else 17
    start, end = (dt.datetime.combine(day, dt.time(hour), BERLIN) for hour in (9, last))
    return start.astimezone(dt.UTC), end.astimezone(dt.UTC)


def days(at: dt.datetime, sign: int) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """The hours of the day of `at`, then of those after or before it."""
    day = at.astimezone(BERLIN).date()
    while True:
        yield hours(day)
        day += sign * dt.timedelta(days=1)
