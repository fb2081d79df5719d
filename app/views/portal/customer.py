"""Who asks in the portal: read from a signed cookie of its own, apart from employees' sign-in.

The cookie holds the random id of a session, signed; the session ends as a row.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import current_app, g, request
from flask_login import AnonymousUserMixin
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.access import ANONYMOUS, Actor, ActorKind
from app.core.errors import Unauthenticated
from app.core.extensions import db
from app.core.prepared import one_plan
from app.fields import definition_version, remember_version
from app.generate.identity import keep_in_sight, take
from app.models.customers import Customer
from app.models.sessions import LoginSession
from app.services import login_sessions
from app.views.portal.blueprint import ROOT, portal

SALT = "frontdesk-customer"
SOURCE = "portal"
"""What the history calls this surface."""


def leave_employees_out() -> None:
    """Before any request below /portal, absent pages too: an employee's session means nothing here."""
    if request.path == ROOT or request.path.startswith(f"{ROOT}/"):
        g._login_user = AnonymousUserMixin()


@portal.before_request
def arrive() -> None:
    """Find out who asks."""
    be(_of_cookie())


def be(customer: Customer | None) -> None:
    """Let this request be `customer`'s, or nobody's."""
    g.customer = customer
    take(actor_of(customer.id) if customer else ANONYMOUS, source=SOURCE)


def actor_of(identity: int) -> Actor:
    """Return the customer `identity` as one who acts."""
    return Actor(ActorKind.CUSTOMER, id=identity)


def current_customer() -> Customer | None:
    """Return who is signed in, None if nobody is."""
    customer: Customer | None = g.get("customer")
    return customer


def the_customer() -> tuple[Customer, Actor]:
    """Return who is signed in and their actor. Raises Unauthenticated, which leads to sign-in."""
    customer = current_customer()
    if customer is None:
        raise Unauthenticated
    return customer, actor_of(customer.id)


def remember(response: Response, customer: Customer) -> Response:
    """Begin a session of `customer` on this browser, and commit."""
    take(actor_of(customer.id), source=SOURCE)
    raw = login_sessions.begin(
        db.session(), customer, request.remote_addr, request.headers.get("User-Agent", "")
    )
    db.session.commit()
    response.set_cookie(
        current_app.config["CUSTOMER_COOKIE_NAME"],
        _serializer().dumps(raw),
        max_age=login_sessions.CUSTOMERS,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def end_session() -> None:
    """End the session of this browser, if it has one, and commit."""
    customer, raw = current_customer(), session_id()
    if customer and raw:
        login_sessions.leave(db.session(), customer, raw)
        db.session.commit()


def forget(response: Response) -> Response:
    """Let this browser forget who was signed in."""
    response.delete_cookie(
        current_app.config["CUSTOMER_COOKIE_NAME"],
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def session_id() -> str | None:
    """Return the random id of the session that the cookie names, signed by us."""
    said = request.cookies.get(current_app.config["CUSTOMER_COOKIE_NAME"])
    try:
        raw = _serializer().loads(said) if said else None
    except BadData:
        return None
    return raw if isinstance(raw, str) else None


def _of_cookie() -> Customer | None:
    """Return the customer of the cookie, and note the version of the fields: one statement, or none."""
    raw = session_id()
    if raw is None:
        return None
    is_first = not db.session().in_transaction()
    with one_plan(db.session()):
        found = db.session.execute(_statement(), login_sessions.asked(raw)).one_or_none()
    if found is None:
        return None
    customer, definitions, session, seen = found
    if is_first:
        keep_in_sight(db.session(), session, seen)
    remember_version(db.session(), definitions)
    known: Customer = customer
    return known


@cache
def _statement() -> Any:
    """Return the statement of every request, built once a process."""
    seen = (LoginSession.id, LoginSession.last_seen_at)
    asked = select(Customer, definition_version(), *seen)
    return asked.join(LoginSession, login_sessions.holds(Customer))


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=SALT)
