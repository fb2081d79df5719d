"""`/`: everyone to the place they work at; and the look of it."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, url_for
from flask_appbuilder.utils.base import get_safe_redirect
from werkzeug.wrappers import Response

from app.access import scope_of
from app.core.declare import Can, Scope
from app.core.extensions import db
from app.generate.identity import current_actor
from app.models.tickets import Ticket
from app.services import inbox
from app.services.attention import matters
from app.views.home.blueprint import blueprint

THEMES = ("auto", "light", "dark")
YEAR = 365 * 24 * 3600


@blueprint.get("/")
def start() -> Response | str:
    """Lead visitors to the portal, and who works on a part of the tickets to the inbox.

    Who sees all of them, or none, begins with what needs attention.
    """
    actor = current_actor()
    if not actor.is_employee:
        return redirect("/portal/")
    if scope_of(actor, Can.READ, Ticket) in {Scope.OWN, Scope.TEAM} and inbox.is_open_to(actor):
        return redirect(url_for("inbox.first"))
    return render_template("home/home.html", matters=matters(db.session(), actor))


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
