"""Forms of the portal: the inputs that recur, errors beside each, and where to go next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, request
from werkzeug.wrappers import Response

from app.core.errors import Invalid
from app.core.i18n import LazyString, Text
from app.fields.refusal import error
from app.generate.limits import count_try
from app.generate.pages import FieldError, FormField
from app.views.portal.blueprint import ROOT

Errors = Mapping[str, list[Text]]
"""Messages by field; those about the whole form under ""."""


def field(name: str, kind: str, label: Text, errors: Errors, **facts: Any) -> FormField:
    """Return an input that must be filled unless told otherwise, with what is wrong about it."""
    return FormField(
        name=name, kind=kind, label=label, errors=tuple(errors.get(name, ())), **{"required": True, **facts}
    )


def summary(errors: Errors, fields: tuple[FormField, ...]) -> tuple[FieldError, ...]:
    """Return every message for the box above a form; those of fields begin with the label."""
    labels = {one.name: one.label for one in fields}
    return tuple(
        FieldError(field=name, message=_named(labels[name], message) if name in labels else message)
        for name, messages in errors.items()
        for message in messages
    )


def typed(name: str) -> str:
    """Return what was typed into a short input, without a character that no table can be asked for."""
    return request.form.get(name, "").replace("\0", "")


def address(path: str) -> str:
    """Return the address to be mailed to, counted. Raises Invalid if there is none, TooMany."""
    email = typed("email")
    if not email.strip():
        raise Invalid([error("email", "required")])
    count_try(path, email)
    return email


def go(url: str) -> Response:
    """Go to another page after something was done, by GET."""
    return redirect(url, 303)


def safe(target: str | None) -> str | None:
    """Return `target` if it is an address within the portal."""
    if not target or not target.startswith(f"{ROOT}/") or "\\" in target or not target.isprintable():
        return None
    return target


def _named(label: Text, message: Text) -> Text:
    return LazyString(lambda: f"{label}: {message}")
