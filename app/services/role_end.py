"""The end of a role made here: whoever has it gets another one, and it is gone, in one transaction."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.declare import Can
from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.models.access import DeskRole
from app.models.people import Employee
from app.services import employees, roles

MOST = 200
"""People who are given another role within one transaction; their sessions end, so each is written alone."""


def holders(session: Session, role: DeskRole) -> int:
    """Return how many employees have the role."""
    return session.scalar(select(func.count()).where(Employee.role == role.name)) or 0


def end(session: Session, actor: Actor, role: DeskRole, to: str, expected: int | None = None) -> int:
    """Give everybody of `role` the role named `to`, then delete it; return how many people that were.

    Raises NotFound, Stale, Conflict where the role is built in or too many have it, and Invalid where the
    actor may not give the other role.
    """
    require(actor, Can.DELETE, role)
    if to == role.name or session.scalar(select(DeskRole.id).where(DeskRole.name == to)) is None:
        raise Invalid.one("to", "not_an_option", _("Choose another role for those who have this one."))
    people = session.scalars(select(Employee).where(Employee.role == role.name).limit(MOST + 1)).all()
    if len(people) > MOST:
        raise Conflict(_("More than %(most)s people have this role. Move some of them first.", most=MOST))
    for employee in people:
        employees.edit(session, actor, employee, {"role": to})
    roles.delete(session, actor, role, expected)
    return len(people)
