"""Employees come, change and go. What they did stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from types import MappingProxyType
from typing import Any

from flask_appbuilder.security.sqla.models import Role as LoginRole
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.declare import Can, Role
from app.core.errors import Conflict, Invalid, each
from app.core.i18n import _
from app.fields.refusal import error
from app.models.coverage import Shift
from app.models.messages import Message, SenderType
from app.models.people import CAPACITY, Employee
from app.models.tickets import Assignment
from app.record import expect, flush, together
from app.services import links, login_sessions, mails, second_factor
from app.services.address import normal
from app.services.employees import capacity, guard, login
from app.services.employees.password import invite_all

OWN = capacity.OWN | {
    "name", "availability", "follows_shifts", "language", "time_zone", "signature", "preferences",
}  # fmt: skip
"""What employees may change of themselves, whatever their role."""
PLANNED = frozenset({"availability", "follows_shifts", "capacity"})
"""What who plans may change of others."""
IDENTITY = ("role", "active", "email")
"""What an account is and who gets into it: when it changes, sessions end."""
KNOWN = OWN | {"email", "role", "active", "capacity"}
NO_ROLES: Mapping[str, LoginRole] = MappingProxyType({})
"""Enough where nobody is given a role."""


def add(session: Session, actor: Actor, values: dict[str, Any]) -> Employee:
    """Add an employee and mail an invitation to choose a password.

    Raises NotFound, Forbidden, and Invalid for an address that is taken or a role there is not.
    """
    return add_all(session, actor, [values])[0]


def add_all(session: Session, actor: Actor, many: Sequence[dict[str, Any]]) -> list[Employee]:
    """Add employees together, all or none, each with an invitation. Raises as `add` does."""
    require(actor, Can.ADD, Employee)
    roles, refuse_raise = login.roles_by_name(session), cache(partial(guard.refuse_raise, session, actor))

    def made(values: dict[str, Any]) -> Employee:
        _refuse_unknown(values)
        given = {"role": Role.AGENT.value} | values
        refuse_raise(given["role"])
        employee = Employee(role=Role.AGENT.value, active=True)
        _fill(session, employee, given, roles)
        capacity.begin(employee, given)
        return employee

    people = each(many, made)
    session.add_all(people)
    with together(session):
        flush(session)
        for person, secret in zip(people, invite_all(session, people), strict=True):
            mails.write_to(session, "invitation", person, path=f"/password/{secret}")
    return people


def edit(
    session: Session, actor: Actor, employee: Employee, values: dict[str, Any], expected: int | None = None
) -> Employee:
    """Change an employee; another role or address, or deactivation, ends all sessions at once.

    Employees may change what is their own without a grant, but never their role, and hand out no role that
    may do more than theirs. Raises NotFound, Stale, Invalid, and Conflict where no active administrator
    would be left or the employee may do more than the actor.
    """
    if not (guard.is_own(actor, employee) and values.keys() <= OWN):
        require(actor, Can.EDIT, employee)
    _refuse_unknown(values)
    expect(employee, expected)
    guard.refuse_own(actor, employee, values)
    guard.keep_an_administrator(session, employee, values)
    if _changes(employee, values, IDENTITY):
        guard.refuse_higher(session, actor, employee)
    if _changes(employee, values, ("role",)):
        guard.refuse_raise(session, actor, values["role"])
    before = _identity(employee)
    _fill(session, employee, values, login.roles_by_name(session) if "role" in values else NO_ROLES)
    if _identity(employee) != before:
        login_sessions.end_all(session, employee)
        links.forget(session, "employee", employee.id)
    flush(session)
    return employee


def plan(
    session: Session, actor: Actor, employee: Employee, values: dict[str, Any], expected: int | None = None
) -> Employee:
    """Let who plans shifts say whether somebody is there, and how much they can take.

    Raises NotFound, Stale, Invalid.
    """
    require(actor, Can.EDIT, Shift)
    require(actor, Can.READ, employee)
    expect(employee, expected)
    unknown = [error(name, "unknown_field") for name in values if name not in PLANNED]
    if unknown:
        raise Invalid(unknown)
    _fill(session, employee, values, NO_ROLES)
    flush(session)
    return employee


def delete(session: Session, actor: Actor, employee: Employee, expected: int | None = None) -> None:
    """Delete an employee who never worked on a ticket; others are deactivated, so that history stays true.

    Raises NotFound, Stale, Conflict.
    """
    require(actor, Can.DELETE, employee)
    expect(employee, expected)
    guard.refuse_own(actor, employee, {"active": False})
    guard.keep_an_administrator(session, employee, {"active": False})
    guard.refuse_higher(session, actor, employee)
    if _has_worked(session, employee):
        raise Conflict(_("This employee has worked on tickets. Deactivate the account instead."))
    links.forget(session, "employee", employee.id)
    session.delete(employee)
    flush(session)


def reset_second_factor(session: Session, actor: Actor, employee: Employee) -> Employee:
    """Take away the second factor of somebody who lost it; their sessions end. Raises NotFound, Conflict."""
    require(actor, Can.EDIT, employee)
    if guard.is_own(actor, employee):
        raise Conflict(_("Turn off your own second factor in your profile."))
    guard.refuse_higher(session, actor, employee)
    second_factor.disable(session, employee)
    return employee


def find(session: Session, email: str) -> Employee | None:
    """Return the employee of an address, active or not."""
    found: Employee | None = session.scalar(select(Employee).where(Employee.email == normal(email)))
    return found


def _refuse_unknown(values: dict[str, Any]) -> None:
    unknown = [error(name, "unknown_field") for name in values if name not in KNOWN]
    if unknown:
        raise Invalid(unknown)


def _fill(
    session: Session, employee: Employee, values: dict[str, Any], roles: Mapping[str, LoginRole]
) -> None:
    for name, value in capacity.within(employee, values).items():
        if name == "role":
            login.give_role(employee, value, roles)
        elif name == "email":
            login.give_address(employee, value)
        else:
            setattr(employee, name, value)
    login.give_names(employee)
    if employee in session and values.keys() & set(CAPACITY):
        session.expire(employee, ["effective_capacity"])


def _identity(employee: Employee) -> tuple[Any, ...]:
    return tuple(getattr(employee, name) for name in IDENTITY)


def _changes(employee: Employee, values: dict[str, Any], names: Iterable[str]) -> bool:
    return any(values.get(name, getattr(employee, name)) != getattr(employee, name) for name in names)


def _has_worked(session: Session, employee: Employee) -> bool:
    wrote = exists().where(Message.sender_type == SenderType.EMPLOYEE, Message.sender_id == employee.id)
    return bool(session.scalar(select(exists().where(Assignment.employee_id == employee.id) | wrote)))
