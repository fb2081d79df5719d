"""Who asks: read once a request from the session cookie, a token or a key, and told to the unit of work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Any

from flask import g, request
from flask_login import current_user
from sqlalchemy import ARRAY, Integer, Row, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session

from app.access import ANONYMOUS, Actor, ActorKind
from app.access.grants import GrantBook
from app.core.clock import now
from app.core.extensions import db
from app.core.prepared import one_plan
from app.fields import definition_version, remember_version
from app.models.fields import revisions
from app.models.keys import ApiKey
from app.models.people import Employee
from app.models.sessions import LoginSession
from app.models.teams import Membership
from app.record import act_as
from app.services import api_keys, login_sessions

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


def load_employee(session: Session, raw: str) -> Employee | None:
    """Return the active employee whose session has the random id `raw`; put their actor, with grants, in `g`.

    A session that was ended, is too old, or is of an older epoch (before a password change, a change of role)
    is nobody's.
    """
    is_first = not session.in_transaction()
    with one_plan(session):
        found = session.execute(_actor_statement(), login_sessions.asked(raw)).one_or_none()
    if found is None:
        return None
    employee: Employee = found[0]
    *known, g.login_session, seen = found
    g.signed_in = _actor(session, known)
    if is_first:
        keep_in_sight(session, g.login_session, seen)
    return employee


def actor_of(session: Session, employee_id: int) -> Actor | None:
    """Return an employee as an actor with the grants of this moment, or None if they are not active."""
    found = session.execute(_employee_statement(), {"key": employee_id}).one_or_none()
    return None if found is None else _actor(session, found)


def key_actor(session: Session, key_id: int) -> Actor | None:
    """Return an API key as an actor with the scopes of this moment, or None if it has ended."""
    key = session.get(ApiKey, key_id)
    return None if key is None or not api_keys.is_live(key) else actor_of_key(key)


def actor_of_key(key: ApiKey | Row[Any]) -> Actor:
    """Return a live key as an actor."""
    return Actor(ActorKind.KEY, id=key.id, scopes=frozenset(key.permissions))


def _actor(session: Session, known: Iterable[Any]) -> Actor:
    employee, teams, grants_revision, definitions = known
    remember_version(session, definitions)
    return Actor(
        ActorKind.EMPLOYEE,
        id=employee.id,
        role=employee.role,
        teams=frozenset(teams or ()),
        grants=book.of_role(session, employee.role, grants_revision),
    )


def keep_in_sight(session: Session, identity: int, seen: dt.datetime) -> None:
    """Note once a minute that a session is in use. Commits: only for who asks first in a request."""
    if seen < now() - login_sessions.NOTED:
        login_sessions.note_use(session, identity)
        session.commit()


@cache
def _actor_statement() -> Any:
    """Return the statement of every request, built once a process: building it costs more than asking it."""
    seen = (LoginSession.id, LoginSession.last_seen_at)
    return _known().add_columns(*seen).join(LoginSession, login_sessions.holds(Employee))


@cache
def _employee_statement() -> Any:
    return _known().where(Employee.id == bindparam("key"))


def _known() -> Any:
    """Return the question for active employees: teams, and the revisions of grants and definitions."""
    teams = (
        select(func.array_agg(Membership.team_id))
        .where(Membership.employee_id == Employee.id)
        .correlate(Employee)
        .scalar_subquery()
    )
    grants = select(revisions.c.number).where(revisions.c.name == "grants").scalar_subquery()
    return select(Employee, type_coerce(teams, ARRAY(Integer)), grants, definition_version()).where(
        Employee.active.is_(True)
    )
