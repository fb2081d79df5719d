"""Customers make an account; it counts once its address is confirmed by a mailed link."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from app.access import SYSTEM
from app.core.errors import Conflict, Invalid, NotFound, Problem, TooMany
from app.core.extensions import db
from app.core.i18n import _
from app.generate.desk import desk
from app.generate.errors import answer
from app.generate.evenly import evenly
from app.generate.forms import errors_of
from app.generate.identity import take
from app.generate.limits import count_try
from app.services import customers
from app.views.portal.blueprint import portal
from app.views.portal.customer import SOURCE, current_customer
from app.views.portal.forms import field, go, summary, typed
from app.views.portal.sign_in import email_field, sent

NAMES = ("name", "email")


@portal.get("/sign-up")
def sign_up() -> Response:
    """Show the form; who is signed in has an account."""
    if current_customer():
        return go(url_for("portal.account"))
    if not desk().sign_up_open:
        raise NotFound
    return _page()


@portal.post("/sign-up")
def make_account() -> Response:
    """Make an account and mail a link; the answer is the same where the address is known already."""
    email = typed("email")
    take(SYSTEM, source=SOURCE)
    try:
        count_try("portal-sign-up", email)
        with evenly():
            customers.sign_up(db.session(), typed("name"), email)
            db.session.commit()
    except (Conflict, Invalid, TooMany) as problem:
        db.session.rollback()
        return _page(problem)
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
    )
    return answer("portal/sign_up.html", problem, fields=fields, errors=summary(errors, fields))
