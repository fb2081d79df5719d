"""Whether somebody is there: by hand, or by the shifts (docs/adr/availability-is-computed-when-read.md)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ScalarSelect, func, select

from app.models.coverage import Shift
from app.models.people import Availability
from app.services.coverage.stretch import Stretch

SHIFTS = Shift.__table__.c


def duty(employee: Any, team: Any) -> ScalarSelect[Any]:
    """Return the shifts of an employee for a team as SQL, one JSON list for `present`."""
    parts = (SHIFTS.weekday, SHIFTS.starts, SHIFTS.ends, SHIFTS.time_zone)
    listed = select(func.jsonb_agg(func.jsonb_build_array(*parts)))
    return listed.where(SHIFTS.employee_id == employee, SHIFTS.team_id == team).scalar_subquery()


def present(
    availability: Availability, follows: bool, shifts: Iterable[Iterable[str]] | None, at: dt.datetime
) -> bool:
    """Tell whether somebody takes work at `at`.

    Who says busy or away is not there, whatever the plan. Who says neither and follows the shifts is there in
    theirs; without shifts for the team always.
    """
    if availability is not Availability.AVAILABLE:
        return False
    if not follows or not shifts:
        return True
    return any(Stretch(int(day), *rest).covers(at) for day, *rest in shifts)
