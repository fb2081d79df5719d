"""Which language and zone this request speaks: the person's, else the browser's, else the desk's."""

from __future__ import annotations

from flask import current_app, g, has_request_context, request
from flask_login import current_user

RIGHT_TO_LEFT = {"ar", "he", "fa", "ur", "en_XB"}


def choose_locale() -> str:
    """Return the locale of this request; outside one, the desk's default."""
    default: str = current_app.config["BABEL_DEFAULT_LOCALE"]
    if not has_request_context():
        return default
    known = current_app.config["LANGUAGES"]
    asked = request.cookies.get("fd_language") or _preference("language")
    if asked in known:
        return str(asked)
    return request.accept_languages.best_match([code for code in known if "_X" not in code]) or default


def choose_zone() -> str:
    """Return the time zone of this request."""
    return _preference("time_zone") or current_app.config["BABEL_DEFAULT_TIMEZONE"]


def direction(locale: str) -> str:
    """Return the reading direction of a locale: `ltr` or `rtl`."""
    return "rtl" if locale in RIGHT_TO_LEFT else "ltr"


def _preference(name: str) -> str | None:
    if not has_request_context():
        return None
    person = g.get("customer") or (current_user if current_user and current_user.is_authenticated else None)
    found: str | None = getattr(person, name, None) if person else None
    return found
