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
from app.core.i18n import Text, _
from app.generate.identity import current_actor, take
from app.generate.limits import count_failure, refuse_if_limited
from app.generate.pages import Action, FieldError, FormField, FormPage, FormSection, NoticePage
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
        if request.method == "GET":
            return _login_page()
        email, password = request.form.get("email", ""), request.form.get("password", "")
        try:
            refuse_if_limited("login", email)
        except TooMany as problem:
            return _login_page(email, problem), 429
        employee = employees.authenticate(db.session(), email, password)
        if employee is None:
            count_failure("login", email)
            return _login_page(email, Problem(WRONG)), 422
        session.clear()  # a new session at sign-in: what was fixed before is worth nothing
        login_user(employee)
        return redirect(_target())

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Answer:
        """End the session of this browser."""
        logout_user()
        session.clear()
        return redirect(url_for("SignInView.login"))

    @expose("/password/", methods=["GET", "POST"])
    def forgot(self) -> Answer:
        """Send a link to set a new password; the answer never tells whether the address is known."""
        if request.method == "GET":
            return render_template("auth/login.html", page=_forgot_page())
        email = request.form.get("email", "")
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
        if request.method == "GET":
            return render_template("auth/set_password.html", page=_password_page())
        take(SYSTEM, source="sign-in")
        try:
            employee = employees.set_password(db.session(), token, request.form.get("password", ""))
        except Invalid as problem:
            db.session.rollback()
            return render_template("auth/set_password.html", page=_password_page(problem)), 422
        db.session.commit()
        session.clear()
        login_user(employee)
        flash(_("Your password is set. Welcome."), "success")
        return redirect("/")


def _login_page(email: str = "", problem: Problem | None = None) -> str:
    text = _("For employees. Customers sign in at the portal.")
    if current_app.config["DEMO"]:
        text = _(
            "Demo: admin@example.com, supervisor@example.com or agent@example.com, password frontdesk-demo."
        )
    page = FormPage(
        title=_("Sign in"),
        subtitle=text,
        sections=(FormSection(title="", fields=(_email_field(email), _password_field("current-password"))),),
        action_url=url_for("SignInView.login", next=request.args.get("next")),
        submit_label=_("Sign in"),
        errors=_summary(problem),
        links=(
            Action(label=_("Forgot your password?"), url=url_for("SignInView.forgot")),
            Action(label=_("Customer portal"), url="/portal/"),
        ),
    )
    return render_template("auth/login.html", page=page)


def _forgot_page() -> FormPage:
    return FormPage(
        title=_("New password"),
        subtitle=_("We send you a link that works once, for 15 minutes."),
        sections=(FormSection(title="", fields=(_email_field(""),)),),
        action_url=url_for("SignInView.forgot"),
        submit_label=_("Send me a link"),
        links=(Action(label=_("Back to sign-in"), url=url_for("SignInView.login")),),
    )


def _password_page(problem: Invalid | None = None) -> FormPage:
    messages = tuple(error.message for error in problem.errors) if problem else ()
    return FormPage(
        title=_("Set your password"),
        sections=(FormSection(title="", fields=(_password_field("new-password", messages),)),),
        action_url=request.path,
        submit_label=_("Set password"),
        errors=tuple(FieldError(field="password", message=message) for message in messages),
    )


def _email_field(value: str) -> FormField:
    return FormField(
        name="email",
        kind="email",
        label=_("E-mail"),
        value=value,
        required=True,
        attributes={"autocomplete": "username", "autofocus": ""},
    )


def _password_field(autocomplete: str, errors: tuple[Text, ...] = ()) -> FormField:
    return FormField(
        name="password",
        kind="password",
        label=_("Password"),
        required=True,
        errors=errors,
        attributes={"autocomplete": autocomplete},
    )


def _summary(problem: Problem | None) -> tuple[FieldError, ...]:
    return (FieldError(field="", message=problem.message),) if problem else ()


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
