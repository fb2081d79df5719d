"""The second step of signing in: a code of the authenticator app, or setting one up where the role must.

Between the steps there is no session: the cookie says, signed and for five minutes, whose first was right.
"""

from __future__ import annotations

from flask import flash, redirect, request, session, url_for
from flask_appbuilder.baseviews import BaseView, expose
from werkzeug.wrappers import Response

from app.access import SYSTEM
from app.core.clock import now
from app.core.errors import Conflict, Invalid, Problem, TooMany
from app.core.extensions import db
from app.core.i18n import _
from app.generate import enrolment
from app.generate.code_form import code_form
from app.generate.entrance import let_in, target, turned_away
from app.generate.errors import answer
from app.generate.identity import take
from app.generate.limits import count_try, give_back
from app.generate.pages import Action, FormPage
from app.models.people import Employee
from app.services import second_factor

STATE = "second_step"
LASTS = 5 * 60
"""Seconds between the first step and the second at most."""


class SecondStepView(BaseView):
    """`/login/code` and `/login/set-up`, for whom the first step let through."""

    route_base = "/login"
    default_view = "code"

    @expose("/code", methods=["GET", "POST"])
    def code(self) -> Response:
        """Ask for a code of the app, or a recovery code."""
        employee = _waiting()
        if employee is None:
            return _start_again()
        if request.method == "GET":
            return answer("auth/login.html", page=_code_page())
        try:
            if not proved(employee, request.form.get("code", "")):
                raise Invalid.one("code", "wrong", second_factor.WRONG)
        except (Invalid, TooMany) as problem:
            return answer("auth/login.html", problem, page=_code_page(problem))
        let_in(employee)
        return redirect(target())

    @expose("/set-up", methods=["GET", "POST"])
    def set_up(self) -> Response:
        """Set up the second factor that the role needs, and sign in with it."""
        employee = _waiting()
        if employee is None or not second_factor.is_required(db.session(), employee):
            return _start_again()
        url = url_for("SecondStepView.set_up", next=target())
        if request.method == "GET":
            return enrolment.page(employee, url)
        try:
            codes = enrolment.confirm(employee)
        except (Invalid, TooMany) as problem:
            return enrolment.page(employee, url, problem)
        except Conflict:  # set up elsewhere in the meantime
            return _start_again()
        let_in(employee)
        return enrolment.codes_page(codes, target())


def go_on(employee: Employee, url: str) -> Response:
    """Lead on after a first step that was right: in, or to the second step where there is one."""
    has_factor = second_factor.of(db.session(), employee) is not None
    if not has_factor and not second_factor.is_required(db.session(), employee):
        let_in(employee)
        return redirect(url)
    session.clear()
    session[STATE] = [employee.id, employee.session_epoch, int(now().timestamp())]
    return redirect(url_for(f"SecondStepView.{'code' if has_factor else 'set_up'}", next=url))


def proved(employee: Employee, code: str) -> bool:
    """Tell whether a code lets the employee in, which uses it up. Commits. Raises TooMany."""
    count_try("second-factor", str(employee.id))
    take(SYSTEM, source="sign-in")
    right = second_factor.passes(db.session(), employee, code)
    db.session.commit()
    if right:
        give_back("second-factor", str(employee.id))
    else:
        turned_away(Employee, employee.email)
    return right


def _waiting() -> Employee | None:
    """Return whose first step was right a moment ago, and still is."""
    identity, epoch, at = session.get(STATE, (0, 0, 0))
    if now().timestamp() - at > LASTS:
        return None
    employee: Employee | None = db.session.get(Employee, identity)
    if employee is None or not employee.active or employee.session_epoch != epoch:
        return None
    return employee


def _start_again() -> Response:
    session.pop(STATE, None)
    flash(str(_("Please sign in again: that took too long.")), "info")
    return redirect(url_for("SignInView.login", next=target()))


def _code_page(problem: Problem | None = None) -> FormPage:
    return code_form(
        problem,
        title=_("Second step"),
        subtitle=_("Type the six digits that your authenticator app shows, or one of your recovery codes."),
        action_url=url_for("SecondStepView.code", next=target()),
        submit_label=_("Sign in"),
        links=(Action(label=_("Start again"), url=url_for("SignInView.login", next=target())),),
    )
