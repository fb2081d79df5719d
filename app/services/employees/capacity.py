"""How much somebody takes by their own word: never more than is set for them, and for as long as they say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.fields import default_of, settings_of
from app.models.people import Employee
from app.services.coverage.stretch import DAY

UNTIL = "own_capacity_until"
OWN = frozenset({"own_capacity", UNTIL})
"""The own limit, and until when it holds."""


def within(employee: Employee, values: dict[str, Any]) -> dict[str, Any]:
    """Return `values` as they are kept: a limit that was taken away has no end, a new one none that is over.

    Raises Invalid for an own limit above the capacity, and for an end that is over.
    """
    changed = {name for name in values.keys() & OWN if values[name] != getattr(employee, name)}
    if not changed:
        return values
    limit, until = (values.get(name, getattr(employee, name)) for name in ("own_capacity", UNTIL))
    if limit is None:
        return values | {UNTIL: None}
    most = values.get("capacity", employee.capacity)
    most = default_of(Employee, "capacity") if most is None else most
    if "own_capacity" in changed and limit > most:
        said = _("At most %(most)s, the capacity that is set. Who plans the team can raise it.", most=most)
        raise Invalid.one("own_capacity", "too_large", said)
    if until is None or until > now():
        return values
    if UNTIL in changed:
        raise Invalid.one(UNTIL, "too_small", _("This time is over. Choose a later one, or none."))
    return values | {UNTIL: None}


def begin(employee: Employee, values: Mapping[str, Any]) -> None:
    """Say what a new employee takes where there is no own limit, so that the database need not be asked."""
    if values.get("own_capacity") is None:
        most = values.get("capacity")
        usual = default_of(Employee, "capacity") if most is None else most
        set_committed_value(employee, "effective_capacity", usual)


def end_of_day(session: Session, time_zone: str | None) -> dt.datetime:
    """Return the midnight that ends the day of who lives by `time_zone`, the desk's if None."""
    zone = ZoneInfo(time_zone or settings_of(session).time_zone)
    tomorrow = now().astimezone(zone).date() + DAY
    return dt.datetime.combine(tomorrow, dt.time(), zone)
