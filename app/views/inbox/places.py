"""The inbox in the navigation: the queues with what waits in them, read once a request."""

from __future__ import annotations

from flask import g, request, url_for

from app.access import Actor
from app.core.extensions import db
from app.core.i18n import Text, _
from app.generate.frame import NavItem
from app.services import inbox
from app.services.inbox import Places
from app.views.inbox import kept

FIXED: tuple[tuple[str, Text, str, str], ...] = (
    ("mine", _("My inbox"), "inbox", "i"),
    ("unassigned", _("Unassigned"), "user-plus", "u"),
    ("open", _("All open"), "layers", "o"),
)
"""View, words, icon, and the key after G."""


def places(actor: Actor) -> Places:
    """Return the counts of the queues; in the inbox itself those of saved views too."""
    if "inbox_places" not in g:
        session = db.session()
        found = inbox.places(session, actor)
        here = (request.view_args or {}).get("view", "") if request.blueprint == "inbox" else None
        g.inbox_places = found if here is None else kept.counted(session, actor, found, here)
    known: Places = g.inbox_places
    return known


def navigation(actor: Actor) -> list[NavItem]:
    """Return the queues an actor works in."""
    if not inbox.is_open_to(actor):
        return []
    found = places(actor)
    teams = [(f"team-{team}", name, "users", None) for team, name in found.teams.items()]
    views = enumerate(found.views.items(), start=1)
    saved = [(f"view-{view}", one.name, "list-filter", str(n)) for n, (view, one) in views]
    root = url_for("inbox.first")  # the router is asked once for all of them
    here = (request.view_args or {}).get("view") if request.blueprint == "inbox" else None
    return [
        NavItem(
            label=words,
            url=f"{root}{view}/",
            icon=icon,
            count=counted(found, view),
            current=here == view,
            key=key,
        )
        for view, words, icon, key in (*FIXED, *teams, *saved)
    ]


def counted(found: Places, view: str) -> str:
    """Return the figure of a queue: "42", "99+" if there are more, and nothing for none."""
    number = found.counts.get(view, 0)
    if number > inbox.CAP:
        return f"{inbox.CAP}+"
    return f"{number}+" if number and view in found.least else str(number or "")
