"""What nobody may do to themselves or to the desk, whatever their role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.core.declare import Role
from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.models.people import Employee
from app.services.roles import MORE, may_give

REFUSALS = {
    "role": _("Nobody changes the own role. Ask another administrator."),
    "active": _("Nobody deactivates the own account. Ask another administrator."),
}


def is_own(actor: Actor, employee: Employee) -> bool:
    """Tell whether the actor is this employee."""
    return actor.is_employee and actor.id == employee.id


def refuse_own(actor: Actor, employee: Employee, values: Mapping[str, Any]) -> None:
    """Raise Invalid if employees would change their own role or deactivate themselves."""
    for name, refusal in REFUSALS.items():
        if is_own(actor, employee) and values.get(name, getattr(employee, name)) != getattr(employee, name):
            raise Invalid.one(name, "not_allowed", refusal)


def refuse_higher(session: Session, actor: Actor, employee: Employee) -> None:
    """Raise Conflict if the employee may do more than the actor, who could take the account over."""
    if not is_own(actor, employee) and not may_give(session, actor, employee.role):
        raise Conflict(_("This employee may do more than you. Ask an administrator."))


def refuse_raise(session: Session, actor: Actor, role: str) -> None:
    """Raise Invalid if the actor would hand out a role that may do more than they may."""
    if not may_give(session, actor, role):
        raise Invalid.one("role", "not_allowed", MORE)


def keep_an_administrator(session: Session, employee: Employee, values: Mapping[str, Any]) -> None:
    """Raise Conflict if with `values` no active administrator would be left.

    The rows stay locked until the commit, so that two administrators cannot demote each other at once.
    """
    stays = values.get("role", employee.role) == Role.ADMIN and values.get("active", employee.active)
    if stays or employee.role != Role.ADMIN or not employee.active:
        return
    administrators = select(Employee.id).where(Employee.role == Role.ADMIN.value, Employee.active.is_(True))
    locked = administrators.order_by(Employee.id).with_for_update(of=Employee.__table__)
    if set(session.scalars(locked)) <= {employee.id}:
        raise Conflict(_("The last active administrator has to stay one."))
