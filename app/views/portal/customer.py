"""Who asks in the portal: read from a signed cookie of its own, apart from employees' sign-in.

The cookie holds the customer's key and session epoch, so that a change of password or address ends it.
"""

from __future__ import annotations

import datetime as dt

from flask import current_app, g, request
from flask_login import AnonymousUserMixin
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.access import ANONYMOUS, Actor, ActorKind
from app.core.errors import Unauthenticated
from app.core.extensions import db
from app.fields import definition_version, remember_version
from app.generate.identity import take
from app.models.customers import Customer
from app.views.portal.blueprint import ROOT, portal

SALT = "frontdesk-customer"
LASTS = dt.timedelta(days=30)
"""How long one stays signed in."""
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
    """Sign `customer` in on this browser."""
    response.set_cookie(
        current_app.config["CUSTOMER_COOKIE_NAME"],
        _serializer().dumps([customer.id, customer.session_epoch]),
        max_age=LASTS,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def forget(response: Response) -> Response:
    """Sign out on this browser."""
    response.delete_cookie(
        current_app.config["CUSTOMER_COOKIE_NAME"],
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def _of_cookie() -> Customer | None:
    """Return the customer of the cookie, and note the version of the fields: one statement, or none."""
    said = request.cookies.get(current_app.config["CUSTOMER_COOKIE_NAME"])
    if not said:
        return None
    try:
        identity, epoch = _serializer().loads(said, max_age=int(LASTS.total_seconds()))
    except (BadData, ValueError, TypeError):
        return None
    statement = select(Customer, definition_version())
    found = db.session.execute(
        statement.where(Customer.id == identity, Customer.session_epoch == epoch)
    ).one_or_none()
    if found is None:
        return None
    customer: Customer = found[0]
    remember_version(db.session(), found[1])
    return customer


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=SALT)
