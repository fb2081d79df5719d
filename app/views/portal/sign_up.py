"""Customers make an account; it counts once its address is confirmed by a mailed link."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from app.access import SYSTEM
from app.core.errors import Invalid, Problem, TooMany
from app.core.extensions import db
from app.core.i18n import Text, _
from app.generate.identity import take
from app.generate.pages import FormField
from app.services import customers
from app.views.portal.blueprint import portal
from app.views.portal.customer import SOURCE, current_customer
from app.views.portal.forms import Errors, answer, counted, errors_of, field, go, summary, typed
from app.views.portal.sign_in import email_field, sent

NAMES = ("name", "email", "password")
PASSWORD = _("Password")
PASSWORD_HELP = _("At least 8 characters. A sentence you remember is better than a short riddle.")


@portal.get("/sign-up")
def sign_up() -> Response:
    """Show the form; who is signed in has an account."""
    if current_customer():
        return go(url_for("portal.account"))
    return _page()


@portal.post("/sign-up")
def make_account() -> Response:
    """Make an account and mail a link; the answer is the same where the address is known already."""
    email = typed("email")
    take(SYSTEM, source=SOURCE)
    try:
        counted("portal-sign-up", email)
        customers.sign_up(db.session(), typed("name"), email, typed("password") or None)
    except (Invalid, TooMany) as problem:
        db.session.rollback()
        return _page(problem)
    db.session.commit()
    return sent(_("We have sent you a link to confirm your address. Open it, and you are in."))


def _page(problem: Problem | None = None) -> Response:
    errors = errors_of(problem, NAMES)
    fields = (
        field(
            "name",
            "text",
            _("Name"),
            errors,
            value=typed("name"),
            attributes={"autocomplete": "name", "maxlength": "200"},
        ),
        email_field(errors),
        new_password(
            errors, required=False, help=_("You can do without: we then send you a link each time.")
        ),
    )
    return answer("portal/sign_up.html", problem, fields=fields, errors=summary(errors, fields))


def new_password(errors: Errors, label: Text = PASSWORD, **facts: object) -> FormField:
    """Return the input of a password that is to be remembered."""
    given = {"help": PASSWORD_HELP, "attributes": {"autocomplete": "new-password"}, **facts}
    return field("password", "password", label, errors, **given)
