"""`/`: everyone to the place they work at; and the look of it."""

from __future__ import annotations

from flask import current_app, redirect, request
from flask_appbuilder.utils.base import get_safe_redirect
from werkzeug.wrappers import Response

from app.generate.identity import current_actor
from app.views.home.blueprint import blueprint

THEMES = ("auto", "light", "dark")
YEAR = 365 * 24 * 3600


@blueprint.get("/")
def start() -> Response:
    """Lead visitors to the portal and employees to the inbox."""
    return redirect("/inbox/" if current_actor().is_employee else "/portal/")


@blueprint.post("/theme")
def theme() -> Response:
    """Remember the theme in this browser, and go back where it was chosen."""
    chosen = request.form.get("theme", "")
    answer = redirect(str(get_safe_redirect(request.referrer or "/")))
    if chosen in THEMES:
        remember(answer, "fd_theme", chosen)
    return answer


def remember(answer: Response, name: str, value: str) -> None:
    """Keep a choice about the look in this browser for a year."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(name, value, max_age=YEAR, secure=secure, httponly=False, samesite="Lax")


@blueprint.get("/palette")
def palette() -> str:
    """Answer what the palette finds."""
    return ""


@blueprint.get("/profile/")
def profile() -> str:
    """Show the person's own page."""
    return ""
