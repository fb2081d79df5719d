"""`/`: everyone to the place they work at; and the look of it."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, url_for
from flask_appbuilder.utils.base import get_safe_redirect
from werkzeug.wrappers import Response

from app.access import Actor, may, scope_of
from app.core.declare import Can, Scope
from app.core.extensions import db
from app.core.i18n import _
from app.generate.attention import Seen, matters
from app.generate.frame import NavItem
from app.generate.identity import current_actor
from app.models.routing import RoutingRule
from app.models.tickets import Ticket
from app.services import inbox, routing
from app.views.home.blueprint import blueprint, employee

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
    return _home(actor)


@blueprint.get("/home/")
def home() -> str:
    """Show what needs attention to whoever looks for it."""
    return _home(employee())


def _home(actor: Actor) -> str:
    found = [*matters(db.session(), actor), *_faults(actor)]
    return render_template("home/home.html", matters=found)


def _faults(actor: Actor) -> list[Seen]:
    """Return the rules of routing that cannot be tried, each with the way to mend it."""
    if not may(actor, Can.EDIT, RoutingRule):
        return []
    return [
        Seen(
            label=_("%(rule)s asks about a field that is gone", rule=rule.name),
            count=1,
            url=f"/admin/routing_rules/edit/{rule.id}",
            icon="git-branch",
            presses=True,
        )
        for rule in routing.faults(db.session())
    ]


def places(actor: Actor) -> list[NavItem]:
    """Return the way home, for everybody who may see something."""
    here = request.endpoint in {"home.home", "home.start"}
    item = NavItem(label=_("Home"), url=url_for("home.home"), icon="house", current=here, key="h")
    return [item] if actor.grants else []


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
