"""One's own account: name, language and password."""

from __future__ import annotations

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from app.core.errors import Conflict, Invalid, Problem, Stale, TooMany
from app.core.extensions import db
from app.core.i18n import _
from app.fields import Audience, FieldSet, Purpose, check, fields_of, languages_of
from app.generate.desk import desk
from app.generate.errors import answer
from app.generate.forms import errors_of
from app.generate.limits import count_try, give_back
from app.generate.pages import FormField, Option
from app.models.customers import Customer
from app.services import customers, login_sessions
from app.views.portal.blueprint import portal
from app.views.portal.customer import remember, session_id, the_customer
from app.views.portal.forms import Errors, field, go, summary, typed
from app.views.portal.password import new_password

OWN = ("name", "language")


@portal.get("/account")
def account() -> Response:
    """Show what is kept of the customer, to be changed."""
    return _page(the_customer()[0])


@portal.post("/account")
def save_account() -> Response:
    """Change name and language."""
    customer, actor = the_customer()
    values = {name: request.form[name] for name in OWN if name in request.form}
    if values.get("language", "") not in ("", *spoken()):
        del values["language"]
    try:
        changed = check(_fields(), values, Audience.CUSTOMER, Purpose.PATCH)
        customers.edit(db.session(), actor, customer, changed)
    except (Invalid, Conflict, Stale) as problem:
        return _refused(problem, customer)
    db.session.commit()
    flash(_("Saved."), "success")
    return go(url_for("portal.account"))


@portal.post("/account/password")
def change_password() -> Response:
    """Set a password, or change it for who knows the present one; other browsers are signed out."""
    customer, _actor = the_customer()
    try:
        count_try("portal-account", customer.email)
        customers.set_password(db.session(), customer, typed("password"), typed("current"))
    except (Invalid, Stale, TooMany) as problem:
        return _refused(problem, customer, of_password=True)
    give_back("portal-account", customer.email)
    flash(_("Your new password is set."), "success")
    return remember(go(url_for("portal.account")), customer)


@portal.post("/account/sign-out-elsewhere")
def sign_out_elsewhere() -> Response:
    """End every session of the customer but that of this browser."""
    customer, _actor = the_customer()
    login_sessions.end_others(db.session(), customer, session_id() or "")
    db.session.commit()
    flash(_("Only this browser is signed in now."), "success")
    return go(url_for("portal.account"))


def spoken() -> dict[str, str]:
    """Return the languages to choose from; the made-up ones, for testing, are not among them."""
    return {code: name for code, name in languages_of(desk()).items() if "_X" not in code}


def _refused(problem: Problem, customer: Customer, *, of_password: bool = False) -> Response:
    db.session.rollback()
    db.session.refresh(customer)
    return _page(customer, problem, of_password=of_password)


def _page(customer: Customer, problem: Problem | None = None, *, of_password: bool = False) -> Response:
    errors = errors_of(problem, (*OWN, "password", "current"))
    person, secret = _person(customer, errors), _secret(customer, errors)
    return answer(
        "portal/account.html",
        problem,
        person=person,
        secret=secret,
        elsewhere=len(login_sessions.of(db.session(), customer)) - 1,
        errors=() if of_password else summary(errors, person),
        secret_errors=summary(errors, secret) if of_password else (),
    )


def _person(customer: Customer, errors: Errors) -> tuple[FormField, ...]:
    fields = _fields()
    languages = tuple(Option(value=code, label=name) for code, name in spoken().items())
    return (
        field(
            "name",
            "text",
            fields["name"].label,
            errors,
            value=request.form.get("name", customer.name),
            attributes={"autocomplete": "name", "maxlength": "200"},
        ),
        field(
            "language",
            "select",
            fields["language"].label,
            errors,
            required=False,
            value=request.form.get("language", customer.language or ""),
            options=languages,
            help=_("For this site and our mails to you. Empty means that of your browser."),
        ),
    )


def _secret(customer: Customer, errors: Errors) -> tuple[FormField, ...]:
    new = new_password(errors, label=_("New password"))
    if not customer.password_hash:
        return (new,)
    present = {"attributes": {"autocomplete": "current-password"}}
    return field("current", "password", _("Present password"), errors, **present), new


def _fields() -> FieldSet:
    return fields_of(db.session(), Customer).pick(OWN)
