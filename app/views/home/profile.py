"""`/profile/`: what people say of themselves, and how they like the desk to look."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core.errors import Invalid, Stale
from app.core.extensions import db
from app.core.i18n import _
from app.fields import languages_of
from app.generate.desk import desk
from app.models.people import Availability, Employee
from app.services import employees
from app.views.home import own_limit
from app.views.home.blueprint import blueprint, employee
from app.views.home.profile_form import DENSITIES, LIMIT, WORDS, page
from app.views.home.start import THEMES, remember


@blueprint.route("/profile/", methods=["GET", "POST"])
def profile() -> Response:
    """Show the form, or keep what it holds."""
    actor = employee()
    if request.method == "GET":
        return make_response(render_template("generated/form.html", page=page(_present())))
    typed = _typed()
    try:
        employees.edit(
            db.session(), actor, db.session.get_one(Employee, actor.id), _values(typed), _version()
        )
    except (Invalid, Stale) as problem:
        db.session.rollback()
        status = 409 if isinstance(problem, Stale) else 422
        return make_response(render_template("generated/form.html", page=page(typed, problem)), status)
    db.session.commit()
    flash(str(_("Your profile is saved.")), "success")
    answer = redirect(url_for("home.profile"))
    for name, known in (("theme", THEMES), ("density", tuple(key for key, _words in DENSITIES))):
        if typed[name] in known:
            remember(answer, f"fd_{name}", typed[name])
    return answer


def _version() -> int | None:
    """Return the version of the employee that the form was drawn from."""
    text = request.form.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _present() -> dict[str, Any]:
    found: dict[str, Any] = {name: getattr(current_user, name) or "" for name in WORDS}
    found |= own_limit.present(current_user)
    found |= {"theme": request.cookies.get("fd_theme", "auto")}
    found |= {"density": request.cookies.get("fd_density", "comfortable")}
    return found | {"keys": current_user.preferences.get("keys", True)}


def _typed() -> dict[str, Any]:
    names = (*WORDS, *LIMIT, "theme", "density")
    return {name: request.form.get(name, "").strip() for name in names} | {"keys": "keys" in request.form}


def _values(typed: dict[str, Any]) -> dict[str, Any]:
    """Return what the service takes. Raises Invalid for a choice that is none."""
    choices = {
        "language": {"", *languages_of(desk())},
        "time_zone": {"", *available_timezones()},
        "availability": {member.value for member in Availability},
    }
    wrong = [name for name, known in choices.items() if typed[name] not in known]
    if wrong:
        raise Invalid.one(wrong[0], "not_an_option", _("Please choose one of the list."))
    values = {name: typed[name] or None for name in WORDS if name not in {"name", "availability"}}
    limit = own_limit.values(current_user, typed)
    return (
        values
        | limit
        | {
            "name": typed["name"],
            "availability": Availability(typed["availability"]),
            "preferences": {**current_user.preferences, "keys": typed["keys"]},
        }
    )
