"""Employees sign in and out, and set passwords by links."""

from __future__ import annotations

from flask import current_app, flash, redirect, request, url_for
from flask_appbuilder.baseviews import BaseView, expose
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.access import SYSTEM
from app.core.errors import Invalid, NotFound, Problem, TooMany
from app.core.extensions import db
from app.core.i18n import _
from app.generate.entrance import let_out, target, turned_away
from app.generate.errors import answer
from app.generate.evenly import evenly
from app.generate.identity import current_actor, take
from app.generate.limits import count_try, give_back
from app.generate.pages import Action, FormPage, NoticePage
from app.generate.second_step import go_on
from app.generate.sign_in_forms import AddressForm, NewPasswordForm, SignInForm, sections, summary
from app.models.people import Employee
from app.services import employees

WRONG = _("This address and password do not match. Please try again.")


class SignInView(BaseView):
    """`/login/`, `/logout/`, `/password/…`: for employees only. Customers sign in at the portal."""

    route_base = ""
    default_view = "login"

    @expose("/login/", methods=["GET", "POST"])
    def login(self) -> Response:
        """Ask for address and password; equal answer and time whether the address is known or not."""
        if current_actor().is_employee:
            return redirect(target())
        form = SignInForm()
        if not form.validate_on_submit():
            return _drawn(form, _login_page(form))
        email, password = form.email.data or "", form.password.data or ""
        try:
            count_try("login", email)
        except TooMany as problem:
            return answer("auth/login.html", problem, page=_login_page(form, problem))
        employee = employees.authenticate(db.session(), email, password)
        if employee is None:
            turned_away(Employee, email)
            wrong = Invalid.one("", "wrong", WRONG)
            return answer("auth/login.html", wrong, page=_login_page(form, Problem(WRONG)))
        give_back("login", email)
        return go_on(employee, target())

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Response:
        """End the session of this browser, and the tokens made in it."""
        let_out()
        return redirect(url_for("SignInView.login"))

    @expose("/password/", methods=["GET", "POST"])
    def forgot(self) -> Response:
        """Send a link to set a new password; answer and time never tell whether the address is known."""
        form = AddressForm()
        if not form.validate_on_submit():
            return _drawn(form, _forgot_page(form))
        email = form.email.data or ""
        try:
            count_try("reset", email)
        except TooMany as problem:
            return answer("auth/login.html", problem, page=_forgot_page(form, problem))
        take(SYSTEM, source="sign-in")
        with evenly():
            employees.request_reset(db.session(), email)
            db.session.commit()
        return answer("auth/link_sent.html", page=_sent())

    @expose("/password/<token>", methods=["GET", "POST"])
    def set_password(self, token: str) -> Response:
        """Set a password by an invitation or reset link. Looking at the page does not use the link up."""
        count_try("password-link")
        if not employees.is_link_alive(db.session(), token):
            return _gone()
        give_back("password-link")
        form = NewPasswordForm()
        if not form.validate_on_submit():
            return _drawn(form, _password_page(form), "auth/set_password.html")
        take(SYSTEM, source="sign-in")
        try:
            employee = employees.set_password(db.session(), token, form.password.data or "")
        except Invalid as problem:
            db.session.rollback()
            form.password.errors = [error.message for error in problem.errors]
            return answer("auth/set_password.html", problem, page=_password_page(form))
        except NotFound:  # used up in another window meanwhile
            db.session.rollback()
            return _gone()
        db.session.commit()
        leads_to = go_on(employee, "/")
        flash(str(_("Your password is set. Welcome.")), "success")
        return leads_to


def _drawn(form: FlaskForm, page: FormPage, template: str = "auth/login.html") -> Response:
    """Draw a form that was opened, or filled in wrong."""
    response = answer(template, page=page)
    response.status_code = 422 if form.is_submitted() else 200
    return response


def _gone() -> Response:
    response = answer("auth/link_sent.html", page=_expired())
    response.status_code = 410
    return response


def _login_page(form: SignInForm, problem: Problem | None = None) -> FormPage:
    text = _("For employees. Customers sign in at the portal.")
    if current_app.config["DEMO"]:
        text = _(
            "Demo: admin@example.com, supervisor@example.com or agent@example.com, password frontdesk-demo."
        )
    return FormPage(
        title=_("Sign in"),
        subtitle=text,
        sections=sections(form),
        action_url=url_for("SignInView.login", next=request.args.get("next")),
        submit_label=_("Sign in"),
        errors=summary(form, problem),
        links=(
            Action(label=_("Forgot your password?"), url=url_for("SignInView.forgot")),
            Action(label=_("Customer portal"), url="/portal/"),
        ),
    )


def _forgot_page(form: AddressForm, problem: Problem | None = None) -> FormPage:
    return FormPage(
        title=_("New password"),
        subtitle=_("We send you a link that works once, for 15 minutes."),
        sections=sections(form),
        action_url=url_for("SignInView.forgot"),
        submit_label=_("Send me a link"),
        errors=summary(form, problem),
        links=(Action(label=_("Back to sign-in"), url=url_for("SignInView.login")),),
    )


def _password_page(form: NewPasswordForm) -> FormPage:
    return FormPage(
        title=_("Set your password"),
        sections=sections(form),
        action_url=request.path,
        submit_label=_("Set password"),
        errors=summary(form, None),
    )


def _sent() -> NoticePage:
    return NoticePage(
        title=_("Look into your mail"),
        text=_("If this address belongs to an account, a link is on its way. It works for 15 minutes."),
        icon="mail",
        action=Action(label=_("Back to sign-in"), url=url_for("SignInView.login")),
    )


def _expired() -> NoticePage:
    return NoticePage(
        title=_("This link no longer works"),
        text=_("It was used already, is too old, or a newer one was sent since. Ask for a new one."),
        icon="clock",
        action=Action(label=_("Send me a new link"), url=url_for("SignInView.forgot")),
    )
