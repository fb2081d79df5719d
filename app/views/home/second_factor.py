"""`/profile/second-factor`: turned on, off, and given new codes, each for the present password."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.errors import Conflict, Invalid, Problem, TooMany
from app.core.extensions import db
from app.core.i18n import Text, _
from app.generate import enrolment
from app.generate.entrance import let_in
from app.generate.errors import answer
from app.generate.forms import errors_of
from app.generate.limits import count_try, give_back
from app.generate.pages import FieldError, FormPage, FormSection
from app.models.people import Employee
from app.services import employees, second_factor
from app.views.home.blueprint import blueprint
from app.views.home.password import secret
from app.views.home.security import oneself

Deed = Callable[[Employee], Response]


@blueprint.route("/profile/second-factor", methods=["GET", "POST"])
def set_up_second_factor() -> Response:
    """Ask for the password, then show what an app has to scan."""
    person = oneself()
    if second_factor.of(db.session(), person):
        return redirect(url_for("home.security"))
    text = _(
        "Besides your password, a code of an app on your phone. Who has only your password stays outside."
    )
    return _for_password(person, _("Set up the second factor"), text, _("Go on"), _offer)


@blueprint.post("/profile/second-factor/confirm")
def confirm_second_factor() -> Response:
    """Turn the second factor on if the code is right; other sessions end, and codes are shown once."""
    person = oneself()
    try:
        codes = enrolment.confirm(person)
    except (Invalid, TooMany) as problem:
        db.session.rollback()
        return enrolment.page(person, url_for("home.confirm_second_factor"), problem)
    let_in(person)
    return enrolment.codes_page(codes, url_for("home.security"))


@blueprint.route("/profile/second-factor/codes", methods=["GET", "POST"])
def new_recovery_codes() -> Response:
    """Make new recovery codes; those of before no longer work."""
    text = _("The recovery codes you have no longer work then.")
    return _for_password(oneself(), _("New recovery codes"), text, _("Make new codes"), _renew)


@blueprint.route("/profile/second-factor/off", methods=["GET", "POST"])
def turn_off_second_factor() -> Response:
    """Take the second factor away, unless the role needs one."""
    person = oneself()
    if second_factor.is_required(db.session(), person):
        raise Conflict(_("Your role needs a second factor. An administrator can reset it."))
    text = _("Then your password alone lets you in. Other sessions end.")
    return _for_password(person, _("Turn off the second factor"), text, _("Turn off"), _off)


def _offer(person: Employee) -> Response:
    return enrolment.page(person, url_for("home.confirm_second_factor"))


def _renew(person: Employee) -> Response:
    codes = second_factor.renew_codes(db.session(), person)
    db.session.commit()
    return enrolment.codes_page(codes, url_for("home.security"))


def _off(person: Employee) -> Response:
    second_factor.disable(db.session(), person)
    db.session.commit()
    let_in(person)
    flash(str(_("The second factor is off. Other sessions have ended.")), "success")
    return redirect(url_for("home.security"))


def _for_password(person: Employee, title: Text, text: Text, label: Text, deed: Deed) -> Response:
    """Ask for the present password, and do `deed` for who knows it."""
    page = _page(title, text, label)
    if request.method == "GET":
        return make_response(render_template("generated/form.html", page=page))
    try:
        count_try("password", person.email)
        employees.require_password(person, request.form.get("current", ""))
    except (Invalid, TooMany) as problem:
        return answer("generated/form.html", problem, page=_page(title, text, label, problem))
    give_back("password", person.email)
    return deed(person)


def _page(title: Text, text: Text, label: Text, problem: Problem | None = None) -> FormPage:
    errors = errors_of(problem, ("current",))
    current = secret("current", _("Present password"), "current-password", errors)
    return FormPage(
        title=title,
        sections=(FormSection(title="", text=text, fields=(current,)),),
        action_url=request.path,
        submit_label=label,
        cancel_url=url_for("home.security"),
        errors=tuple(FieldError(field=name, message=said) for name, all_ in errors.items() for said in all_),
    )
