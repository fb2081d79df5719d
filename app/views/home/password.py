"""`/profile/password`: another password for who knows the present one."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user
from werkzeug.wrappers import Response

from app.core.errors import Invalid
from app.core.extensions import db
from app.core.i18n import Text, _
from app.generate import forms
from app.generate.limits import count_failure, refuse_if_limited
from app.generate.pages import FieldError, FormField, FormPage, FormSection
from app.models.people import Employee
from app.services import employees
from app.views.home.blueprint import blueprint, employee


@blueprint.route("/profile/password", methods=["GET", "POST"])
def password() -> Response:
    """Change the password; all other sessions end."""
    actor = employee()
    if request.method == "GET":
        return make_response(render_template("generated/form.html", page=_page()))
    refuse_if_limited("password", current_user.email)
    given = {name: request.form.get(name, "") for name in ("current", "password")}
    person = db.session.get_one(Employee, actor.id)  # not the proxy: it is signed in anew below
    try:
        employees.change_password(db.session(), person, given["current"], given["password"])
    except Invalid as problem:
        count_failure("password", current_user.email)
        db.session.rollback()
        return make_response(render_template("generated/form.html", page=_page(problem)), 422)
    db.session.commit()
    session.clear()
    login_user(person)
    flash(str(_("Your password is changed. Other sessions have ended.")), "success")
    return redirect(url_for("home.profile"))


def _page(problem: Invalid | None = None) -> FormPage:
    errors = forms.by_field(problem, ("current", "password"))
    return FormPage(
        title=_("Change password"),
        sections=(
            FormSection(
                title="",
                fields=(
                    _secret("current", _("Present password"), "current-password", errors),
                    _secret("password", _("New password"), "new-password", errors),
                ),
            ),
        ),
        action_url=url_for("home.password"),
        submit_label=_("Change password"),
        cancel_url=url_for("home.profile"),
        errors=tuple(FieldError(field=name, message=said) for name, all_ in errors.items() for said in all_),
    )


def _secret(name: str, label: Text, autocomplete: str, errors: dict[str, list[Text]]) -> FormField:
    return FormField(
        name=name,
        kind="password",
        label=label,
        required=True,
        errors=tuple(errors.get(name, ())),
        attributes={"autocomplete": autocomplete},
    )
