"""Forms of the portal: the inputs that recur, errors beside each, limits, and where to go next."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from app.core.errors import Invalid, Problem, TooMany
from app.core.i18n import LazyString, Text
from app.fields.refusal import error
from app.generate.errors import status_of
from app.generate.forms import by_field
from app.generate.limits import count_failure, refuse_if_limited
from app.generate.pages import FieldError, FormField
from app.views.portal.blueprint import ROOT

EVEN = 0.15
"""Seconds that looking for an address takes at least: longer than making a link and its mail does."""

Errors = Mapping[str, list[Text]]
"""Messages by field; those about the whole form under ""."""


def field(name: str, kind: str, label: Text, errors: Errors, **facts: Any) -> FormField:
    """Return an input that must be filled unless told otherwise, with what is wrong about it."""
    return FormField(
        name=name, kind=kind, label=label, errors=tuple(errors.get(name, ())), **{"required": True, **facts}
    )


def errors_of(problem: Problem | None, names: tuple[str, ...]) -> Errors:
    """Return what `problem` says, by the fields of a form."""
    if problem is None:
        return {}
    return by_field(problem, names) if isinstance(problem, Invalid) else {"": [problem.message]}


def summary(errors: Errors, fields: tuple[FormField, ...]) -> tuple[FieldError, ...]:
    """Return every message for the box above a form; those of fields begin with the label."""
    labels = {one.name: one.label for one in fields}
    return tuple(
        FieldError(field=name, message=_named(labels[name], message) if name in labels else message)
        for name, messages in errors.items()
        for message in messages
    )


def answer(template: str, problem: Problem | None = None, **facts: Any) -> Response:
    """Draw a page, with the status of what went wrong."""
    response = make_response(render_template(template, **facts), status_of(problem) if problem else 200)
    if isinstance(problem, TooMany):
        response.headers["Retry-After"] = str(max(1, problem.retry_after))
    return response


def typed(name: str) -> str:
    """Return what was typed into a short input, without a character that no table can be asked for."""
    return request.form.get(name, "").replace("\0", "")


def counted(path: str, account: str) -> None:
    """Count one try by or for `account`, whether it succeeds or not. Raises TooMany beyond the limit."""
    refuse_if_limited(path, account)
    count_failure(path, account)


def address(path: str) -> str:
    """Return the address to be mailed to, counted. Raises Invalid if there is none, TooMany."""
    email = typed("email")
    if not email.strip():
        raise Invalid([error("email", "required")])
    counted(path, email)
    return email


@contextmanager
def evenly() -> Iterator[None]:
    """Let what is done inside take as long for an unknown address, so that its length tells nothing."""
    end = time.monotonic() + EVEN
    yield
    time.sleep(max(0.0, end - time.monotonic()))


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
