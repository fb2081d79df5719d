"""Business hours as criteria ask for them: is it open, and which moment lies so much open time away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.criteria.calendar import ALWAYS_OPEN, Calendar
from app.criteria.moment import Moment
from app.fields import settings_of
from app.fields.version import known_version
from app.models.coverage import BusinessHours, Holiday, OpenInterval
from app.services.coverage.stretch import DAY, Span, Stretch

FARTHEST = 20_000
"""Days that are looked through for open time; beyond, time counts as it is."""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The weekly hours of a team or of the desk, without its holidays."""

    stretches: tuple[Stretch, ...]
    time_zone: str
    holidays: frozenset[dt.date] = frozenset()

    def is_open(self, at: dt.datetime) -> bool:
        """Tell whether it is open at an instant."""
        return any(start <= at < end for start, end in self.on(self._day(at)))

    def shift(self, at: dt.datetime, length: dt.timedelta) -> dt.datetime:
        """Return the instant `length` of open time after `at`; before it if `length` is negative."""
        left = abs(length)
        for start, end in self._after(at) if length >= dt.timedelta() else self._before(at):
            if end - start >= left:
                return start + left if length >= dt.timedelta() else end - left
            left -= end - start
        return at + length

    def on(self, day: dt.date) -> list[Span]:
        """Return when it is open on a day of its zone, in order."""
        if day in self.holidays:
            return []
        return sorted(span for one in self.stretches if (span := one.on(day)) is not None)

    def _after(self, at: dt.datetime) -> Iterator[Span]:
        first = self._day(at)
        for number in range(FARTHEST):
            for start, end in self.on(first + number * DAY):
                if end > at:
                    yield max(start, at), end

    def _before(self, at: dt.datetime) -> Iterator[Span]:
        first = self._day(at)
        for number in range(FARTHEST):
            for start, end in reversed(self.on(first - number * DAY)):
                if start < at:
                    yield start, min(end, at)

    def _day(self, at: dt.datetime) -> dt.date:
        return at.astimezone(ZoneInfo(self.time_zone)).date()


_latest: list[tuple[int, dict[int | None, OpeningHours]]] = []
"""The newest hours read by this process: none or one version of them."""


def calendar_of(session: Session, team_id: int | None = None) -> Calendar:
    """Return the hours of a team, else those of the desk; it is always open where there are none."""
    version = known_version(session)
    known = next(iter(_latest), None)
    if known is None or known[0] != version:
        known = (version, _read(session))
        _latest[:] = [known]
    return known[1].get(team_id) or known[1].get(None) or ALWAYS_OPEN


def moment_of(session: Session, me: int | None = None, team_id: int | None = None) -> Moment:
    """Return this moment as criteria read it: days of the desk's zone, hours of the team or of the desk."""
    return Moment(now(), ZoneInfo(settings_of(session).time_zone), calendar_of(session, team_id), me)


def _read(session: Session) -> dict[int | None, OpeningHours]:
    stretches: dict[int, list[tuple[int, str, str]]] = {}
    for row in session.execute(select(OpenInterval.hours_id, *_STRETCH)):
        stretches.setdefault(row.hours_id, []).append((int(row.weekday), row.starts, row.ends))
    holidays: dict[int, set[dt.date]] = {}
    for hours_id, day in session.execute(select(Holiday.hours_id, Holiday.day)):
        holidays.setdefault(hours_id, set()).add(day)
    hours = session.execute(select(BusinessHours.id, BusinessHours.team_id, BusinessHours.time_zone))
    return {
        row.team_id: OpeningHours(
            tuple(Stretch(*one, row.time_zone) for one in stretches[row.id]),
            row.time_zone,
            frozenset(holidays.get(row.id, ())),
        )
        for row in hours
        if row.id in stretches
    }


_STRETCH = (OpenInterval.weekday, OpenInterval.starts, OpenInterval.ends)
