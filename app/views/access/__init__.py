"""Who may do what: roles against each other, the grants of one as a grid, and why somebody may not."""

from __future__ import annotations

from flask import Flask, request

from app.access import Actor, may
from app.core.declare import Can, Menu
from app.core.i18n import _
from app.generate import leads, shell
from app.generate.frame import NavItem
from app.generate.leads import Lead
from app.models.access import AccessGrant, DeskRole
from app.models.people import Employee
from app.views.access import end, overview, role
from app.views.access import why as question
from app.views.access.blueprint import URL, blueprint

__all__ = ["install"]

PAGES = (overview, role, end, question)
"""Each hangs its pages on the blueprint when it is imported."""


def install(app: Flask) -> None:
    """Add the pages to the application, to the navigation, and to the pages of roles and employees."""
    app.register_blueprint(blueprint)
    shell.add_places(navigation, Menu.SETUP)
    leads.add(
        DeskRole,
        Lead(label=_("Grants as a grid"), url=f"{URL}{{key}}", icon="shield-check", reads=AccessGrant),
    )
    label = _("What may they?")
    leads.add(
        Employee, Lead(label=label, url=f"{URL}why?employee={{key}}", icon="circle-help", reads=AccessGrant)
    )


def navigation(actor: Actor) -> list[NavItem]:
    """Return the place of the pages."""
    if not may(actor, Can.READ, AccessGrant):
        return []
    return [
        NavItem(label=_("Who may what"), url=URL, icon="shield-check", current=request.path.startswith(URL))
    ]
