"""How the API is used, under Developers."""

from __future__ import annotations

from flask import Flask, request

from app.access import Actor, may
from app.core.declare import Can, Menu
from app.core.i18n import _
from app.generate import shell
from app.generate.frame import NavItem
from app.models.keys import ApiCall
from app.views.usage.page import URL, blueprint

__all__ = ["blueprint", "install"]


def install(app: Flask) -> None:
    """Add the page to the application, and to the navigation of who may see the calls."""
    app.register_blueprint(blueprint)
    shell.add_places(navigation, Menu.DEVELOPERS)


def navigation(actor: Actor) -> list[NavItem]:
    """Return the place of the page."""
    if not may(actor, Can.READ, ApiCall):
        return []
    return [NavItem(label=_("API usage"), url=URL, icon="gauge", current=request.path == URL)]
