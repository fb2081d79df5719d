"""The place where keys, webhooks, usage, events and the description of the API come together."""

from __future__ import annotations

from flask import Flask, request

from app.access import Actor
from app.core.declare import Menu
from app.core.i18n import _
from app.generate import shell
from app.generate.frame import NavItem
from app.views.developers.page import DOCS, EVENTS, URL, blueprint

__all__ = ["blueprint", "install"]


def install(app: Flask) -> None:
    """Add the page to the application, and to the navigation of who may see any of what it leads to."""
    app.register_blueprint(blueprint)
    shell.add_places(overview, Menu.DEVELOPERS, first=True)
    shell.add_places(reading, Menu.DEVELOPERS)


def overview(actor: Actor) -> list[NavItem]:
    """Return the place of the page."""
    return [_item(_("Overview"), URL, "wrench")] if shell.stands_in(Menu.DEVELOPERS, actor) else []


def reading(actor: Actor) -> list[NavItem]:
    """Return the places of what there is to read."""
    if not shell.stands_in(Menu.DEVELOPERS, actor):
        return []
    return [_item(_("API reference"), DOCS, "book-open"), _item(_("Event catalogue"), EVENTS, "list")]


def _item(label: str, url: str, icon: str) -> NavItem:
    return NavItem(label=label, url=url, icon=icon, current=request.path == url)
