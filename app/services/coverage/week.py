"""A team's week: who works when, and which open hours nobody covers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require, visible
from app.core.declare import Can
from app.fields import settings_of
from app.models.coverage import Shift
from app.models.people import Employee
from app.models.teams import Membership, Team
from app.services.coverage.calendar import OpeningHours, calendar_of
from app.services.coverage.stretch import DAY, Span, Stretch, gaps


@dataclass(frozen=True, slots=True)
class Planned:
    """One shift on one day."""

    shift_id: int
    span: Span


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the team's zone: what is open, and what of it nobody covers."""

    date: dt.date
    open: Sequence[Span]
    gaps: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Week:
    """The plan. `shifts` has the shifts of a person by the day on which they begin, Monday first."""

    team: Team
    zone: ZoneInfo
    has_hours: bool
    days: Sequence[Day]
    people: Sequence[Employee]
    shifts: dict[int, list[list[Planned]]]


def week_of(session: Session, actor: Actor, team: Team, monday: dt.date) -> Week:
    """Return the week of a team that begins on `monday`. Two statements. Raises NotFound."""
    require(actor, Can.READ, Shift)
    hours = calendar_of(session, team.id)
    zone = ZoneInfo(hours.time_zone if isinstance(hours, OpeningHours) else settings_of(session).time_zone)
    members = select(Membership.employee_id).where(Membership.team_id == team.id)
    planned = select(Shift).where(Shift.team_id == team.id, visible(actor, Shift))
    rows = session.scalars(planned.order_by(Shift.starts, Shift.id)).all()
    people = session.scalars(
        select(Employee)
        .where(Employee.active.is_(True), visible(actor, Employee))
        .where(Employee.id.in_(members) | Employee.id.in_([row.employee_id for row in rows]))
        .order_by(Employee.name, Employee.id)
    ).all()
    dates = [monday + number * DAY for number in range(7)]
    spans = _spans(rows, dates, zone)
    active = {person.id for person in people}
    covered = [one.span for whose, _place, one in spans if whose in active]
    shifts: dict[int, list[list[Planned]]] = {person.id: [[] for _day in dates] for person in people}
    for whose, place, one in spans:
        if whose in active and 0 <= place < len(dates):
            shifts[whose][place].append(one)
    days = [_day(hours, date, covered) for date in dates]
    return Week(team, zone, isinstance(hours, OpeningHours), days, people, shifts)


def _day(hours: Any, date: dt.date, covered: Sequence[Span]) -> Day:
    open_ = hours.on(date) if isinstance(hours, OpeningHours) else []
    return Day(date, open_, [gap for span in open_ for gap in gaps(span, covered)])


def _spans(rows: Sequence[Shift], dates: Sequence[dt.date], zone: ZoneInfo) -> list[tuple[int, int, Planned]]:
    """Return each shift of the week, and of the days beside it, with its person and the place of its day."""
    found = []
    for row in rows:
        stretch = Stretch(int(row.weekday), row.starts, row.ends, row.time_zone)
        for date in (dates[0] - DAY, *dates, dates[-1] + DAY):
            span = stretch.on(date)
            if span is not None:
                place = (span[0].astimezone(zone).date() - dates[0]).days
                found.append((row.employee_id, place, Planned(row.id, span)))
    return found
