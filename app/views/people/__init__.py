"""People at a glance: what they can do, and when they work."""

from __future__ import annotations

from flask import Flask, request

from app.access import Actor, may
from app.core.declare import Can, Menu
from app.core.i18n import Text, _
from app.generate import shell
from app.generate.frame import NavItem
from app.models.coverage import Shift
from app.models.teams import Skill
from app.views.people import coverage, skills
from app.views.people.blueprint import blueprint

__all__ = ["blueprint", "install"]

PLACES: tuple[tuple[Text, str, str, type], ...] = (
    (_("Skills matrix"), skills.URL, "graduation-cap", Skill),
    (_("Coverage"), coverage.URL, "calendar-clock", Shift),
)


def install(app: Flask) -> None:
    """Add the pages to the application, and to the navigation of who may see them."""
    app.register_blueprint(blueprint)
    shell.add_places(navigation, Menu.PEOPLE)


def navigation(actor: Actor) -> list[NavItem]:
    """Return the places of the pages: for who plans, since others see but their own rows."""
    return [
        NavItem(label=label, url=url, icon=icon, current=request.path.startswith(url))
        for label, url, icon, model in PLACES
        if may(actor, Can.EDIT, model)
    ]
