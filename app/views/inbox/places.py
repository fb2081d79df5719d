"""The inbox in the navigation: the queues with what waits in them, read once a request."""

from __future__ import annotations

from flask import g, request, url_for

from app.access import Actor
from app.core.extensions import db
from app.core.i18n import Text, _
from app.generate.frame import NavItem
from app.services import inbox
from app.services.inbox import Places

FIXED: tuple[tuple[str, Text, str, str], ...] = (
    ("mine", _("My inbox"), "inbox", "i"),
    ("unassigned", _("Unassigned"), "user-plus", "u"),
    ("open", _("All open"), "layers", "o"),
)
"""View, words, icon, and the key after G."""


def places(actor: Actor) -> Places:
    """Return the counts of the queues."""
    if "inbox_places" not in g:
        g.inbox_places = inbox.places(db.session(), actor)
    found: Places = g.inbox_places
    return found


def navigation(actor: Actor) -> list[NavItem]:
    """Return the queues an actor works in."""
    if not inbox.is_open_to(actor):
        return []
    found = places(actor)
    teams = [(f"team-{team}", name, "users", None) for team, name in found.teams.items()]
    views = enumerate(found.views.items(), start=1)
    saved = [(f"view-{view}", name, "list-filter", str(n)) for n, (view, name) in views]
    root = url_for("inbox.first")  # the router is asked once for all of them
    here = (request.view_args or {}).get("view") if request.blueprint == "inbox" else None
    return [
        NavItem(
            label=words,
            url=f"{root}{view}/",
            icon=icon,
            count=counted(found.counts.get(view, 0)),
            current=here == view,
            key=key,
        )
        for view, words, icon, key in (*FIXED, *teams, *saved)
    ]


def counted(number: int) -> str:
    """Return a capped figure: "42", "999+", and nothing for none."""
    return f"{inbox.CAP}+" if number > inbox.CAP else str(number or "")
