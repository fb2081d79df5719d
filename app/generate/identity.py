"""Who asks: read once a request from the session cookie, a token or a key, and told to the unit of work."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import g, request
from flask_login import current_user
from sqlalchemy import ARRAY, Integer, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session

from app.access import ANONYMOUS, Actor, ActorKind
from app.access.grants import GrantBook
from app.core.extensions import db
from app.fields import definition_version, remember_version
from app.models.fields import revisions
from app.models.people import Employee
from app.models.teams import Membership
from app.record import act_as

book = GrantBook()
"""The grants of all roles, as this process remembers them."""


def current_actor() -> Actor:
    """Return the employee signed in on this request, or ANONYMOUS. Asked first by every view."""
    if "actor" not in g:
        known = current_user.is_authenticated  # loads the employee, and with them `g.signed_in`
        take(g.signed_in if known else ANONYMOUS, source="screen")
    actor: Actor = g.actor
    return actor


def take(actor: Actor, *, source: str) -> None:
    """Let this request act as `actor`: in permissions, and in the history of what it writes."""
    g.actor = actor
    act_as(db.session(), actor, source=source, ip=request.remote_addr, request_id=g.get("request_id"))


def load_employee(session: Session, identity: str) -> Employee | None:
    """Return the active employee of `<id>.<session epoch>` and put their actor, with grants, in `g`.

    A cookie or token of an older epoch (before a password change, a sign-out, a change of role) is nobody's.
    """
    key, _, epoch = identity.partition(".")
    if not (key.isdecimal() and epoch.isdecimal()) or len(key) > 9 or len(epoch) > 9:
        return None
    found = session.execute(_actor_statement(), {"key": int(key), "epoch": int(epoch)}).one_or_none()
    if found is None:
        return None
    employee: Employee = found[0]
    teams, grants_revision, definitions = found[1:]
    remember_version(session, definitions)
    g.signed_in = Actor(
        ActorKind.EMPLOYEE,
        id=employee.id,
        role=employee.role,
        teams=frozenset(teams or ()),
        grants=book.of_role(session, employee.role, grants_revision),
    )
    return employee


@cache
def _actor_statement() -> Any:
    """Return the statement of every request, built once a process: building it costs more than asking it."""
    teams = (
        select(func.array_agg(Membership.team_id))
        .where(Membership.employee_id == Employee.id)
        .correlate(Employee)
        .scalar_subquery()
    )
    grants = select(revisions.c.number).where(revisions.c.name == "grants").scalar_subquery()
    return select(Employee, type_coerce(teams, ARRAY(Integer)), grants, definition_version()).where(
        Employee.id == bindparam("key"),
        Employee.session_epoch == bindparam("epoch"),
        Employee.active.is_(True),
    )
