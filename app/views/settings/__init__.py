"""What the desk decides about itself, under Set-up."""

from __future__ import annotations

from flask import Flask, request

from app.access import Actor, may
from app.core.declare import Can, Menu
from app.generate import shell
from app.generate.frame import NavItem
from app.models.settings import Setting
from app.views.settings.page import URL, blueprint

__all__ = ["blueprint", "install"]


def install(app: Flask) -> None:
    """Add the pages to the application, and to the navigation of who may see them."""
    app.register_blueprint(blueprint)
    shell.add_places(navigation, Menu.SETUP)


def navigation(actor: Actor) -> list[NavItem]:
    """Return the place of the pages."""
    if not may(actor, Can.READ, Setting):
        return []
    current = request.path.startswith(URL)
    return [NavItem(label=Setting.resource.plural, url=f"{URL}/", icon="settings", current=current)]
