"""Shifts: nobody works twice at once, whatever the teams and the zones."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.core.errors import Invalid
from app.core.i18n import _
from app.models.coverage import Shift, Weekday
from app.models.people import Employee
from app.services import plain
from app.services.coverage.stretch import Stretch


def add(session: Session, actor: Actor, values: dict[str, Any]) -> Shift:
    """Plan a shift. Raises NotFound, Invalid."""
    shift: Shift = plain.add(session, actor, Shift, values)
    _refuse_double(session, shift)
    return shift


def edit(
    session: Session, actor: Actor, shift: Shift, values: dict[str, Any], expected: int | None = None
) -> Shift:
    """Change a shift. Raises NotFound, Stale, Invalid."""
    plain.edit(session, actor, shift, values, expected)
    _refuse_double(session, shift)
    return shift


def delete(session: Session, actor: Actor, shift: Shift, expected: int | None = None) -> None:
    """Take a shift away. Raises NotFound, Stale."""
    plain.delete(session, actor, shift, expected)


def stretch_of(shift: Shift) -> Stretch:
    """Return when a shift is."""
    return Stretch(int(shift.weekday), shift.starts, shift.ends, shift.time_zone)


def _refuse_double(session: Session, shift: Shift) -> None:
    """Raise Invalid if the person has another shift at that time. Others who plan for them wait meanwhile."""
    people = Employee.__table__.c
    session.execute(select(people.id).where(people.id == shift.employee_id).with_for_update())
    others = select(Shift).where(Shift.employee_id == shift.employee_id, Shift.id != shift.id)
    mine = stretch_of(shift)
    for other in session.scalars(others):
        if mine.overlaps(stretch_of(other)):
            facts = {"day": Weekday(other.weekday).label, "starts": other.starts, "ends": other.ends}
            text = _("This person works then already: %(day)s, %(starts)s to %(ends)s.", **facts)
            raise Invalid.one("starts", "taken", text)
