"""Roles made in the desk: a name for the login, a title for people, and grants to begin with."""

from __future__ import annotations

import re
from typing import Any

from flask_appbuilder.security.sqla.models import Role as LoginRole
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import models
from app.access import Actor, ActorKind, holds_all, require
from app.access.grants import of_role
from app.core.declare import Can
from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.models.access import AccessGrant, DeskRole, Origin, RowScope
from app.models.people import Employee
from app.models.teams import Membership
from app.record import expect, flush
from app.services.asking import fill

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


def add(session: Session, actor: Actor, values: dict[str, Any]) -> DeskRole:
    """Make a role, with the grants of the one it is based on. Raises NotFound, Invalid."""
    require(actor, Can.ADD, DeskRole)
    if not _NAME.fullmatch(values.get("name") or ""):
        text = _("Use a to z, 0 to 9 and _, starting with a letter.")
        raise Invalid.one("name", "not_possible", text)
    based_on = session.get(DeskRole, values.get("based_on_id") or 0)
    if based_on is not None and not may_give(session, actor, based_on.name):
        raise Invalid.one("based_on_id", "not_allowed", MORE)
    login = LoginRole(name=values["name"])
    session.add(login)
    flush(session)
    role = DeskRole(id=login.id, builtin=False)
    fill(session, role, values)
    session.add(role)
    flush(session)
    if based_on is not None:
        session.add_all(_copies(session, based_on, role))
        flush(session)
    return role


def edit(
    session: Session, actor: Actor, role: DeskRole, values: dict[str, Any], expected: int | None = None
) -> DeskRole:
    """Change title or description; a name stays for ever, and so does the title of a built-in role.

    Raises NotFound, Stale, Invalid.
    """
    require(actor, Can.EDIT, role)
    expect(role, expected)
    fixed = {"name", "builtin", "based_on_id"} | ({"title"} if role.builtin else set())
    for name in sorted(fixed & values.keys()):
        if values[name] != getattr(role, name):
            raise Invalid.one(name, "not_possible", _("This stays the same for ever."))
    fill(session, role, values)
    flush(session)
    return role


def delete(session: Session, actor: Actor, role: DeskRole, expected: int | None = None) -> None:
    """Delete a role that nobody has. Raises NotFound, Stale, Conflict."""
    require(actor, Can.DELETE, role)
    expect(role, expected)
    if role.builtin:
        raise Conflict(_("A built-in role cannot be deleted."))
    login = session.get_one(LoginRole, role.id, with_for_update=True)  # whoever gives it just now waits
    employees = session.scalar(select(func.count()).where(Employee.role == role.name))
    if employees:
        text = _("%(count)s employees have this role. Give them another one first.", count=employees)
        raise Conflict(text)
    for grant in session.scalars(select(AccessGrant).where(AccessGrant.role_id == role.id)):
        session.delete(grant)
    session.delete(role)
    flush(session)
    session.delete(login)
    flush(session)


def actor_of(session: Session, employee: Employee) -> Actor:
    """Return an employee as an actor, with the grants of now: to say what they may, not to act as them."""
    teams = session.scalars(select(Membership.team_id).where(Membership.employee_id == employee.id))
    role = employee.role
    return Actor(ActorKind.EMPLOYEE, employee.id, role, frozenset(teams), of_role(session, role))


def may_give(session: Session, actor: Actor, name: str) -> bool:
    """Tell whether the actor may do all that the role does, and so may give it to somebody."""
    return holds_all(actor, of_role(session, name), models.load())


MORE = _("This role may do more than you. Ask an administrator.")


def _copies(session: Session, source: DeskRole, role: DeskRole) -> list[AccessGrant]:
    return [
        AccessGrant(
            role_id=role.id,
            table_name=grant.table_name,
            verb=grant.verb,
            rows=grant.rows,
            hidden_fields=list(grant.hidden_fields),
            origin=Origin.CHANGED,
        )
        for grant in session.scalars(select(AccessGrant).where(AccessGrant.role_id == source.id))
        if grant.rows is not RowScope.NONE
    ]
