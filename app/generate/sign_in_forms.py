"""The forms of sign-in, by WTForms: hand-written, since no field of the registry stands behind them."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField
from wtforms.validators import InputRequired

from app.core.errors import Problem
from app.core.i18n import Text, _
from app.generate.pages import FieldError, FormField, FormSection

NEEDED = InputRequired(_("Please fill this in."))


class SignInForm(FlaskForm):
    """Address and password."""

    email = EmailField(_("E-mail"), [NEEDED], render_kw={"autocomplete": "username", "autofocus": ""})
    password = PasswordField(_("Password"), [NEEDED], render_kw={"autocomplete": "current-password"})


class AddressForm(FlaskForm):
    """The address a link is sent to."""

    email = EmailField(_("E-mail"), [NEEDED], render_kw={"autocomplete": "username", "autofocus": ""})


class NewPasswordForm(FlaskForm):
    """A password to be remembered; the rule is that of the service."""

    password = PasswordField(
        _("Password"), [NEEDED], render_kw={"autocomplete": "new-password", "autofocus": ""}
    )


def sections(form: FlaskForm) -> tuple[FormSection, ...]:
    """Return the inputs of a form as the page draws them; a password is never sent back."""
    return (FormSection(title="", fields=tuple(_input(field) for field in _fields(form))),)


def summary(form: FlaskForm, problem: Problem | None) -> tuple[FieldError, ...]:
    """Return what is wrong: of the whole form first, then of each field."""
    whole = [FieldError(field="", message=problem.message)] if problem else []
    return (
        *whole,
        *(FieldError(field=field.name, message=text) for field in _fields(form) for text in field.errors),
    )


def _fields(form: FlaskForm) -> Iterable[Field]:
    return (field for field in form if field.type in KINDS)


def _input(field: Field) -> FormField:
    errors: tuple[Text, ...] = tuple(field.errors)
    return FormField(
        name=field.name,
        kind=KINDS[field.type],
        label=field.label.text,
        value=None if field.type == "PasswordField" else field.data or "",
        errors=errors,
        required=True,
        attributes=dict(field.render_kw or {}),
    )


KINDS = {"EmailField": "email", "PasswordField": "password"}
