"""`/profile/security`: how one signs in, and where one is signed in."""

from __future__ import annotations

from flask import flash, g, make_response, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from app.core.extensions import db
from app.core.i18n import _
from app.generate.entrance import KEY
from app.models.people import Employee
from app.services import login_sessions, second_factor
from app.views.home.blueprint import blueprint, employee


@blueprint.get("/profile/security")
def security() -> Response:
    """Show password, second factor and sessions."""
    person = oneself()
    return make_response(
        render_template(
            "home/security.html",
            factor=second_factor.of(db.session(), person),
            required=second_factor.is_required(db.session(), person),
            sessions=login_sessions.of(db.session(), person),
            this=g.login_session,
        )
    )


@blueprint.post("/profile/sessions/<int:number>/end")
def end_session(number: int) -> Response:
    """End one of one's sessions. No password is asked: who suspects somebody must not be held up."""
    login_sessions.end(db.session(), oneself(), number)
    db.session.commit()
    flash(str(_("The session has ended.")), "success")
    return redirect(url_for("home.security"))


@blueprint.post("/profile/sessions/end-others")
def end_other_sessions() -> Response:
    """End all of one's sessions but this one."""
    login_sessions.end_others(db.session(), oneself(), session[KEY])
    db.session.commit()
    flash(str(_("Only this browser is signed in now.")), "success")
    return redirect(url_for("home.security"))


def oneself() -> Employee:
    """Return the employee who asks. Raises NotFound for everybody else."""
    found: Employee = db.session.get_one(Employee, employee().id)
    return found
