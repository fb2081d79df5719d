"""How the session of an employee begins and ends: a row, and its random id in the cookie or the token.

Who was turned away stands in the audit log; what was typed is never kept.
"""

from __future__ import annotations

from typing import Any

from flask import g, request, session
from flask_appbuilder.utils.base import get_safe_redirect

from app.access import ANONYMOUS, Actor, ActorKind
from app.core.extensions import db
from app.generate.identity import current_actor, take
from app.models.customers import Customer
from app.models.people import Employee
from app.record import log
from app.services import customers, employees, login_sessions

KEY = "_user_id"
"""Where Flask-Login looks for who is signed in."""


def let_in(employee: Employee) -> None:
    """Sign `employee` in on this browser and commit. What the cookie held before is worth nothing."""
    raw = begin(employee)
    session.clear()
    session[KEY] = raw
    g._login_user = employee


def begin(employee: Employee) -> str:
    """Begin a session for who asks and commit; return its random id."""
    take(Actor(ActorKind.EMPLOYEE, id=employee.id, role=employee.role), source="sign-in")
    raw = login_sessions.begin(
        db.session(), employee, request.remote_addr, request.headers.get("User-Agent", "")
    )
    db.session.commit()
    return raw


def let_out() -> None:
    """End the session of this browser, if it has one, and commit."""
    actor = current_actor()
    if actor.is_employee:
        employee = db.session.get_one(Employee, actor.id)
        login_sessions.leave(db.session(), employee, session[KEY])
        db.session.commit()
    session.clear()


def turned_away(model: type[Employee | Customer], email: str) -> None:
    """Note that somebody failed to sign in with an address, as the account of it where there is one; commits.

    Both cost the same statements, so that the time tells nothing.
    """
    find: Any = employees.find if model is Employee else customers.find
    take(ANONYMOUS, source="sign-in")
    log(db.session(), "LOGIN_FAILED", find(db.session(), email) or model)
    db.session.commit()


def target() -> str:
    """Return where to go on after signing in: an address of this desk only."""
    return str(get_safe_redirect(request.args.get("next") or "/"))
