"""`/profile/password`: another password for who knows the present one."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.errors import Invalid, Problem, TooMany
from app.core.extensions import db
from app.core.i18n import Text, _
from app.generate.entrance import let_in
from app.generate.errors import answer
from app.generate.forms import errors_of
from app.generate.limits import count_try, give_back
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
    person = db.session.get_one(Employee, actor.id)  # not the proxy: it is signed in anew below
    given = {name: request.form.get(name, "") for name in ("current", "password")}
    try:
        count_try("password", person.email)
        employees.change_password(db.session(), person, given["current"], given["password"])
    except (Invalid, TooMany) as problem:
        db.session.rollback()
        if isinstance(problem, Invalid) and problem.errors[0].field != "current":
            give_back("password", person.email)
        return answer("generated/form.html", problem, page=_page(problem))
    give_back("password", person.email)
    let_in(person)
    flash(str(_("Your password is changed. Other sessions have ended.")), "success")
    return redirect(url_for("home.security"))


def _page(problem: Problem | None = None) -> FormPage:
    errors = errors_of(problem, ("current", "password"))
    return FormPage(
        title=_("Change password"),
        sections=(
            FormSection(
                title="",
                fields=(
                    secret("current", _("Present password"), "current-password", errors),
                    secret("password", _("New password"), "new-password", errors),
                ),
            ),
        ),
        action_url=url_for("home.password"),
        submit_label=_("Change password"),
        cancel_url=url_for("home.security"),
        errors=tuple(FieldError(field=name, message=said) for name, all_ in errors.items() for said in all_),
    )


def secret(name: str, label: Text, autocomplete: str, errors: dict[str, list[Text]]) -> FormField:
    """Return the input of a password, which is never sent back."""
    return FormField(
        name=name,
        kind="password",
        label=label,
        required=True,
        errors=tuple(errors.get(name, ())),
        attributes={"autocomplete": autocomplete},
    )
