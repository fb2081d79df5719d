"""Customers sign in with a password, or have a one-time link sent; and sign out."""

from __future__ import annotations

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.access import SYSTEM
from app.core.errors import Invalid, Problem, TooMany
from app.core.extensions import db
from app.core.i18n import Text, _
from app.generate.entrance import turned_away
from app.generate.errors import answer
from app.generate.evenly import evenly
from app.generate.forms import errors_of
from app.generate.identity import take
from app.generate.limits import count_try, give_back
from app.generate.pages import FormField
from app.models.customers import Customer
from app.services import customers
from app.views.portal.blueprint import portal
from app.views.portal.customer import SOURCE, current_customer, end_session, forget, remember
from app.views.portal.forms import Errors, address, field, go, safe, summary, typed

WRONG = _("This address and password do not match. Try again, or have a sign-in link sent to you.")
NEXT = "portal_next"
"""Where the browser goes on once a mailed link has let it in."""


@portal.get("/sign-in")
def sign_in() -> Response:
    """Show the form; who is signed in goes on."""
    if current_customer():
        return redirect(target())
    return _page()


@portal.post("/sign-in")
def enter_by_password() -> Response:
    """Sign in with address and password; answer and time are equal for unknown addresses.

    Without a password a link is sent.
    """
    if not typed("password"):
        return send_link()
    email = typed("email")
    try:
        count_try("portal-sign-in", email)
    except TooMany as problem:
        return _page(problem)
    customer = customers.authenticate(db.session(), email, typed("password"))
    if customer is None:
        turned_away(Customer, email)
        return _page(Invalid.one("", "wrong", WRONG))
    give_back("portal-sign-in", email)
    return remember(go(target()), customer)


@portal.post("/sign-in/link")
def send_link() -> Response:
    """Mail a link that signs in; the page never tells whether the address is known."""
    try:
        email = address("portal-link")
    except (Invalid, TooMany) as problem:
        return _page(problem)
    take(SYSTEM, source=SOURCE)
    with evenly():
        customers.send_link(db.session(), email)
        db.session.commit()
    session[NEXT] = safe(request.args.get("next"))
    return sent(_("If we know this address, a link to sign in is on its way. It works once, for 15 minutes."))


@portal.post("/sign-out")
def sign_out() -> Response:
    """End the customer's session on this browser."""
    end_session()
    return forget(go(url_for("portal.home")))


def target() -> str:
    """Return where to go on after signing in."""
    return safe(request.args.get("next")) or safe(session.pop(NEXT, None)) or url_for("portal.tickets")


def sent(text: Text) -> Response:
    """Say that a mail is on its way, if it is."""
    return answer("portal/mailed.html", text=text)


def email_field(errors: Errors) -> FormField:
    """Return the input of an address, as it was typed."""
    attributes = {"autocomplete": "email", "spellcheck": "false", "maxlength": "320"}
    return field("email", "email", _("E-mail"), errors, value=typed("email"), attributes=attributes)


def _page(problem: Problem | None = None) -> Response:
    errors = errors_of(problem, ("email",))
    fields = (
        email_field(errors),
        field(
            "password",
            "password",
            _("Password"),
            errors,
            required=False,
            help=_("Leave it empty if you would rather have a link sent to you."),
            attributes={"autocomplete": "current-password"},
        ),
    )
    return answer("portal/sign_in.html", problem, fields=fields, errors=summary(errors, fields))
