"""When the demo desk is open, and who plans to be there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from app import services
from app.access import SYSTEM
from app.core.clock import now
from app.models.coverage import BusinessHours, Holiday, OpenInterval, Shift, Weekday
from app.models.people import Employee
from app.models.teams import Team
from app.record import flush

ZONE = "Europe/Berlin"
WORKDAYS = tuple(Weekday)[:5]
PLAN = {
    "agent@example.com": ("Billing", WORKDAYS[:4], "09:00", "15:00"),
    "tomas@example.com": ("Billing", WORKDAYS[1:], "11:00", "17:00"),
    "lena@example.com": ("Front desk", WORKDAYS, "09:00", "13:00"),
    "hugo@example.com": ("Front desk", WORKDAYS[:3], "13:00", "17:00"),
}
"""Team, days, from and to. Gaps remain, as in any plan: Monday evening, Friday morning, two afternoons."""


def plan(session: Session, teams: Mapping[str, Team], people: Sequence[Employee]) -> None:
    """Open the desk on workdays, keep a holiday, and plan shifts.

    Nobody's availability follows them yet: whoever tries the desk at night wants to see tickets assigned.
    """
    desk = services.add(session, SYSTEM, BusinessHours, {"name": "The desk", "time_zone": ZONE})
    for day in WORKDAYS:
        services.add(
            session,
            SYSTEM,
            OpenInterval,
            {"hours_id": desk.id, "weekday": day, "starts": "09:00", "ends": "17:00"},
        )
    closed = {"hours_id": desk.id, "day": dt.date(now().year + 1, 1, 1), "name": "New Year"}
    services.add(session, SYSTEM, Holiday, closed)
    for person in people:
        if person.email in PLAN:
            team, days, starts, ends = PLAN[person.email]
            person.follows_shifts = False
            hours = {"starts": starts, "ends": ends, "time_zone": ZONE}
            for day in days:
                where = {"employee_id": person.id, "team_id": teams[team].id, "weekday": day}
                services.add(session, SYSTEM, Shift, where | hours)
    flush(session)
