"""Employees sign in and out, and set passwords by links."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_appbuilder.baseviews import BaseView, expose
from flask_appbuilder.utils.base import get_safe_redirect
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from app.access import SYSTEM
from app.core.errors import Invalid, Problem, TooMany
from app.core.extensions import db
from app.core.i18n import _
from app.generate.entrance import entered, left, turned_away
from app.generate.identity import current_actor, take
from app.generate.limits import count_failure, refuse_if_limited
from app.generate.pages import Action, FormPage, NoticePage
from app.generate.sign_in_forms import AddressForm, NewPasswordForm, SignInForm, sections, summary
from app.models.people import Employee
from app.models.tokens import Purpose
from app.services import employees, links

Answer = str | Response | tuple[str, int]

WRONG = _("This address and password do not match. Please try again.")


class SignInView(BaseView):
    """`/login/`, `/logout/`, `/password/…`: for employees only. Customers sign in at the portal."""

    route_base = ""
    default_view = "login"

    @expose("/login/", methods=["GET", "POST"])
    def login(self) -> Answer:
        """Ask for address and password; equal answer and time whether the address is known or not."""
        if current_actor().is_employee:
            return redirect(_target())
        form = SignInForm()
        if not form.validate_on_submit():
            return _login_page(form), 422 if form.is_submitted() else 200
        email, password = form.email.data or "", form.password.data or ""
        try:
            refuse_if_limited("login", email)
        except TooMany as problem:
            return _login_page(form, problem), 429
        employee = employees.authenticate(db.session(), email, password)
        if employee is None:
            count_failure("login", email)
            turned_away(Employee, email)
            return _login_page(form, Problem(WRONG)), 422
        entered(employee)
        session.clear()  # a new session at sign-in: what was fixed before is worth nothing
        login_user(employee)
        return redirect(_target())

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Answer:
        """End the session of this browser."""
        actor = current_actor()
        if actor.is_employee:
            left(db.session.get_one(Employee, actor.id))
        logout_user()
        session.clear()
        return redirect(url_for("SignInView.login"))

    @expose("/password/", methods=["GET", "POST"])
    def forgot(self) -> Answer:
        """Send a link to set a new password; the answer never tells whether the address is known."""
        form = AddressForm()
        if not form.validate_on_submit():
            page = render_template("auth/login.html", page=_forgot_page(form))
            return page, 422 if form.is_submitted() else 200
        email = form.email.data or ""
        refuse_if_limited("reset", email)
        count_failure("reset", email)
        take(SYSTEM, source="sign-in")
        employees.request_reset(db.session(), email)
        db.session.commit()
        return render_template("auth/link_sent.html", page=_sent())

    @expose("/password/<token>", methods=["GET", "POST"])
    def set_password(self, token: str) -> Answer:
        """Set a password by an invitation or reset link. Looking at the page does not use the link up."""
        if not any(links.find(db.session(), purpose, token) for purpose in (Purpose.INVITE, Purpose.RESET)):
            return render_template("auth/link_sent.html", page=_expired()), 410
        form = NewPasswordForm()
        if not form.validate_on_submit():
            page = render_template("auth/set_password.html", page=_password_page(form))
            return page, 422 if form.is_submitted() else 200
        take(SYSTEM, source="sign-in")
        try:
            employee = employees.set_password(db.session(), token, form.password.data or "")
        except Invalid as problem:
            db.session.rollback()
            form.password.errors = [error.message for error in problem.errors]
            return render_template("auth/set_password.html", page=_password_page(form)), 422
        entered(employee)
        session.clear()
        login_user(employee)
        flash(_("Your password is set. Welcome."), "success")
        return redirect("/")


def _login_page(form: SignInForm, problem: Problem | None = None) -> str:
    text = _("For employees. Customers sign in at the portal.")
    if current_app.config["DEMO"]:
        text = _(
            "Demo: admin@example.com, supervisor@example.com or agent@example.com, password frontdesk-demo."
        )
    page = FormPage(
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
    return render_template("auth/login.html", page=page)


def _forgot_page(form: AddressForm) -> FormPage:
    return FormPage(
        title=_("New password"),
        subtitle=_("We send you a link that works once, for 15 minutes."),
        sections=sections(form),
        action_url=url_for("SignInView.forgot"),
        submit_label=_("Send me a link"),
        errors=summary(form, None),
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


def _target() -> str:
    return str(get_safe_redirect(request.args.get("next") or "/"))


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
        text=_("Links work once and for a short time. Ask for a new one."),
        icon="clock",
        action=Action(label=_("Send me a new link"), url=url_for("SignInView.forgot")),
    )
