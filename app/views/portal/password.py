"""A forgotten password: a mailed link lets a new one be chosen."""

from __future__ import annotations

from flask import flash
from werkzeug.wrappers import Response

from app.access import SYSTEM
from app.core.errors import Invalid, NotFound, Problem, TooMany
from app.core.extensions import db
from app.core.i18n import Text, _
from app.generate.errors import answer
from app.generate.evenly import evenly
from app.generate.forms import errors_of
from app.generate.identity import take
from app.generate.pages import FormField
from app.models.tokens import Purpose
from app.services import customers
from app.views.portal.blueprint import portal
from app.views.portal.customer import SOURCE, be, remember
from app.views.portal.enter import alive, dead
from app.views.portal.forms import Errors, address, field, go, summary, typed
from app.views.portal.sign_in import email_field, sent, target

PASSWORD = _("Password")
HELP = _("At least 8 characters. A sentence you remember is better than a short riddle.")


@portal.get("/password/")
def password() -> Response:
    """Ask for the address."""
    return _ask()


@portal.post("/password/")
def send_password_link() -> Response:
    """Mail a link; the page never tells whether the address is known."""
    try:
        email = address("portal-reset")
    except (Invalid, TooMany) as problem:
        return _ask(problem)
    take(SYSTEM, source=SOURCE)
    with evenly():
        customers.request_reset(db.session(), email)
        db.session.commit()
    return sent(
        _("If we know this address, a link to choose a new password is on its way. It works for 15 minutes.")
    )


@portal.get("/password/<token>")
def choose_password(token: str) -> Response:
    """Ask for the new password."""
    return _choose() if alive(Purpose.RESET, token) else dead()


@portal.post("/password/<token>")
def set_password(token: str) -> Response:
    """Set the new password, end every session, and sign in here."""
    if not alive(Purpose.RESET, token):
        return dead()
    take(SYSTEM, source=SOURCE)
    try:
        customer = customers.reset_password(db.session(), token, typed("password"))
    except NotFound:
        db.session.rollback()
        be(None)
        return dead()
    except Invalid as problem:
        db.session.rollback()
        return _choose(problem)
    flash(_("Your new password is set."), "success")
    return remember(go(target()), customer)


def new_password(errors: Errors, label: Text = PASSWORD) -> FormField:
    """Return the input of a password that is to be remembered."""
    attributes = {"autocomplete": "new-password"}
    return field("password", "password", label, errors, help=HELP, attributes=attributes)


def _ask(problem: Problem | None = None) -> Response:
    errors = errors_of(problem, ("email",))
    fields = (email_field(errors),)
    return answer("portal/forgot.html", problem, fields=fields, errors=summary(errors, fields))


def _choose(problem: Problem | None = None) -> Response:
    errors = errors_of(problem, ("password",))
    fields = (new_password(errors),)
    return answer("portal/choose_password.html", problem, fields=fields, errors=summary(errors, fields))
