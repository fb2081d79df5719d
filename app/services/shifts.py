"""Shifts: nobody works twice at once, whatever the teams and the zones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.core.errors import Invalid, each
from app.core.i18n import _
from app.models.coverage import Shift, Weekday
from app.models.people import Employee
from app.services import plain
from app.services.coverage.stretch import Stretch


def add(session: Session, actor: Actor, values: dict[str, Any]) -> Shift:
    """Plan a shift. Raises NotFound, Invalid."""
    return add_all(session, actor, [values])[0]


def add_all(session: Session, actor: Actor, many: Sequence[dict[str, Any]]) -> list[Shift]:
    """Plan shifts together, all or none. Raises as `add` does."""
    shifts: list[Shift] = plain.add_all(session, actor, Shift, many)
    _refuse_doubles(session, shifts)
    return shifts


def edit(
    session: Session, actor: Actor, shift: Shift, values: dict[str, Any], expected: int | None = None
) -> Shift:
    """Change a shift. Raises NotFound, Stale, Invalid."""
    plain.edit(session, actor, shift, values, expected)
    _refuse_doubles(session, [shift])
    return shift


def delete(session: Session, actor: Actor, shift: Shift, expected: int | None = None) -> None:
    """Take a shift away. Raises NotFound, Stale."""
    plain.delete(session, actor, shift, expected)


def stretch_of(shift: Shift) -> Stretch:
    """Return when a shift is."""
    return Stretch(int(shift.weekday), shift.starts, shift.ends, shift.time_zone)


def _refuse_doubles(session: Session, shifts: Sequence[Shift]) -> None:
    """Raise Invalid if a person has two shifts at a time. Others who plan for them wait meanwhile."""
    people, keys = Employee.__table__.c, {shift.employee_id for shift in shifts}
    session.execute(select(people.id).where(people.id.in_(keys)).order_by(people.id).with_for_update())
    others = select(Shift).where(Shift.employee_id.in_(keys), Shift.id.not_in([one.id for one in shifts]))
    planned: dict[int, list[Shift]] = {key: [] for key in keys}
    for other in session.scalars(others.order_by(Shift.id)):
        planned[other.employee_id].append(other)

    def plan(shift: Shift) -> None:
        _refuse_double(shift, planned[shift.employee_id])
        planned[shift.employee_id].append(shift)

    each(shifts, plan)


def _refuse_double(shift: Shift, others: Iterable[Shift]) -> None:
    mine = stretch_of(shift)
    for other in others:
        if mine.overlaps(stretch_of(other)):
            facts = {"day": Weekday(other.weekday).label, "starts": other.starts, "ends": other.ends}
            text = _("This person works then already: %(day)s, %(starts)s to %(ends)s.", **facts)
            raise Invalid.one("starts", "taken", text)
