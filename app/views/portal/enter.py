"""Mailed links: one that signs in, one that confirms an address. Looking at one uses nothing up."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.access import SYSTEM
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.i18n import Text, _
from app.generate.errors import answer
from app.generate.identity import take
from app.generate.limits import count_try, give_back
from app.models.customers import Customer
from app.models.tokens import Purpose
from app.services import customers, links
from app.views.portal.blueprint import portal
from app.views.portal.customer import SOURCE, be, remember
from app.views.portal.forms import go
from app.views.portal.sign_in import target

Open = Callable[[Session, str], Customer]


@portal.get("/enter/<token>")
def look_at_sign_in(token: str) -> Response:
    """Show the button that signs in."""
    return _button(
        Purpose.SIGN_IN, token, _("Welcome back"), _("One click, and you are signed in."), _("Sign in")
    )


@portal.post("/enter/<token>")
def enter(token: str) -> Response:
    """Sign in by the link, which works once."""
    customer = _opened(customers.enter, token)
    return remember(go(target()), customer) if customer else dead()


@portal.get("/verify/<token>")
def look_at_verification(token: str) -> Response:
    """Show the button that confirms the address."""
    return _button(
        Purpose.VERIFY,
        token,
        _("Confirm your address"),
        _("Then your account is ready. If you did not ask for one, close this page and nothing happens."),
        _("Confirm and sign in"),
    )


@portal.post("/verify/<token>")
def verify(token: str) -> Response:
    """Confirm the address and sign in; the account is where a password may be set."""
    customer = _opened(customers.verify, token)
    if customer is None:
        return dead()
    flash(_("Your address is confirmed, and you are signed in."), "success")
    return remember(go(url_for("portal.account")), customer)


def alive(purpose: Purpose, token: str) -> bool:
    """Tell whether a customer's link works; wrong ones are counted. Raises TooMany."""
    count_try("portal-token")
    found = links.find(db.session(), purpose, token)
    if found is None or found.subject_type != "customer":
        return False
    give_back("portal-token")
    return True


def dead() -> Response:
    """Say that a link no longer works, and offer a new one."""
    response = answer("portal/dead.html")
    response.status_code = 410
    return response


def _button(purpose: Purpose, token: str, title: Text, text: Text, label: Text) -> Response:
    if not alive(purpose, token):
        return dead()
    return answer("portal/button.html", title=title, text=text, label=label)


def _opened(use: Open, token: str) -> Customer | None:
    """Use a link up and return whose it is, None if it does not work. Raises TooMany."""
    count_try("portal-token")
    take(SYSTEM, source=SOURCE)
    try:
        customer = use(db.session(), token)
    except NotFound:
        db.session.rollback()
        be(None)
        return None
    give_back("portal-token")
    return customer
