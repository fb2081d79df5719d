"""Which language and zone this request speaks: the person's, else the browser's, else the desk's."""

from __future__ import annotations

from functools import cache

from babel import Locale
from flask import g, has_request_context, request
from flask_login import current_user

from app.fields import languages_of, latest_settings
from app.generate.desk import desk

RIGHT_TO_LEFT = {"ar", "he", "fa", "ur", "en_XB"}


def choose_locale() -> str:
    """Return the locale of this request; outside one, the desk's."""
    if not has_request_context():
        return latest_settings().language
    asked = (_preference("language"), request.cookies.get("fd_language"))  # who asks is read first
    return next(filter(None, map(_offered, reversed(asked))), None) or _of_browser()


@cache
def locale_named(code: str) -> Locale:
    """Return the locale of a code, always the same object: memories by language find it at once."""
    return Locale.parse(code)


def choose_zone() -> str:
    """Return the time zone of this request."""
    return _preference("time_zone") or (desk() if has_request_context() else latest_settings()).time_zone


def direction(locale: str) -> str:
    """Return the reading direction of a locale: `ltr` or `rtl`."""
    return "rtl" if locale in RIGHT_TO_LEFT else "ltr"


def _offered(language: str | None) -> str | None:
    return language if language in languages_of(desk()) else None


def _of_browser() -> str:
    known = [code for code in languages_of(desk()) if "_X" not in code]
    return request.accept_languages.best_match(known) or desk().language


def _preference(name: str) -> str | None:
    if not has_request_context():
        return None
    person = g.get("customer") or (current_user if current_user and current_user.is_authenticated else None)
    found: str | None = getattr(person, name, None) if person else None
    return found
