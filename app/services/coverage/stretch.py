"""A stretch of the week by the clock of a place, such as Monday from 22:00 to 06:00 in Berlin.

It is placed on real days: where a clock is put forward or back, a stretch begins and ends by the clock, and
is an hour shorter or longer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

Span = tuple[dt.datetime, dt.datetime]
"""From an instant up to, without, another; both in UTC."""

DAY = dt.timedelta(days=1)
WEEKS = (dt.date(2026, 1, 5), dt.date(2026, 7, 6))
"""A week in winter and one in summer: clocks of two places may differ otherwise in each."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """`weekday` 1 is Monday; `starts` and `ends` are as `08:30`. It ends on the next day if not later."""

    weekday: int
    starts: str
    ends: str
    time_zone: str

    def on(self, day: dt.date) -> Span | None:
        """Return when it is if it begins on `day`, None on another weekday."""
        if day.isoweekday() != self.weekday:
            return None
        later = day if self.ends > self.starts else day + DAY
        return self._instant(day, self.starts), self._instant(later, self.ends)

    def covers(self, at: dt.datetime) -> bool:
        """Tell whether `at` lies in it."""
        today = at.astimezone(ZoneInfo(self.time_zone)).date()
        spans = (self.on(today), self.on(today - DAY))
        return any(span is not None and span[0] <= at < span[1] for span in spans)

    def overlaps(self, other: Stretch) -> bool:
        """Tell whether both are at the same time in some week."""
        return any(
            mine[0] < theirs[1] and theirs[0] < mine[1]
            for week in WEEKS
            for mine in self._around(week)
            for theirs in other._around(week)
        )

    def _around(self, week: dt.date) -> Iterator[Span]:
        """Yield it in a week and the weeks beside, for it may reach over Sunday midnight."""
        first = week + dt.timedelta(days=self.weekday - 1)
        for shift in (-7, 0, 7):
            span = self.on(first + dt.timedelta(days=shift))
            if span is not None:
                yield span

    def _instant(self, day: dt.date, clock: str) -> dt.datetime:
        hours, minutes = (int(part) for part in clock.split(":"))
        carried, hour = divmod(hours, 24)  # 24:00 is the midnight after
        local = dt.datetime.combine(day + carried * DAY, dt.time(hour, minutes), ZoneInfo(self.time_zone))
        return local.astimezone(dt.UTC)


def gaps(wanted: Span, covered: Iterable[Span]) -> list[Span]:
    """Return the parts of `wanted` in which nothing of `covered` lies, in their order."""
    found, (start, end) = [], wanted
    for first, last in sorted(covered):
        if last <= start:
            continue
        if first >= end:
            break
        if first > start:
            found.append((start, first))
        start = max(start, last)
    if start < end:
        found.append((start, end))
    return found
