"""What the palette finds: places to go, things to make, and every row the person may see.

With scripts it stands in a dialog (Ctrl K); without, the same address is a search page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template, request, url_for

from app.access import Actor, may
from app.core.declare import Can, Desk
from app.core.extensions import db
from app.core.i18n import Text, _
from app.criteria import fold
from app.generate.actions import label_of_adding
from app.generate.addresses import with_query
from app.generate.cells import page_address
from app.generate.places import list_address
from app.generate.shell import frame
from app.models import load
from app.models.tickets import Ticket
from app.services import everywhere, inbox
from app.services.everywhere import MOST, Hit
from app.views.home.blueprint import blueprint, employee

LONGEST = 100
"""Characters that are looked for."""


@dataclass(frozen=True)
class Found:
    """One line of the palette."""

    label: Text
    url: str
    icon: str
    detail: Text = ""


Groups = list[tuple[Text, list[Found]]]


@blueprint.get("/palette")
def palette() -> str:
    """Answer with the lines for the words `q`; without words, with places and things to make."""
    actor = employee()
    words = request.args.get("q", "").replace("\0", "").strip()[:LONGEST]
    named = fold(words)
    groups: Groups = [
        (_("Go to"), [one for one in _places() if named in fold(str(one.label))]),
        (_("Add"), [one for one in _things(actor) if named in fold(str(one.label))]),
    ]
    if len(words) > 1 or words.isdecimal():
        groups += _rows(actor, words)
    shown = [(heading, found) for heading, found in groups if found]
    template = "home/palette.html" if request.headers.get("HX-Request") else "home/search.html"
    return render_template(template, groups=shown, words=words)


def _places() -> Iterator[Found]:
    around = frame()
    for _label, items in around.navigation:
        for item in items:
            yield Found(item.label, item.url, item.icon)
    for link in around.person.links if around.person else ():
        yield Found(link.label, link.url, link.icon or "user")


def _things(actor: Actor) -> Iterator[Found]:
    for model in load():
        resource = model.resource
        if resource.desk is Desk.MANAGE and may(actor, Can.ADD, model):
            label = label_of_adding(resource)
            yield Found(label, f"/admin/{model.__tablename__}/add", "plus")


def _rows(actor: Actor, words: str) -> Groups:
    groups: Groups = []
    for model, hits in everywhere.find(db.session(), actor, words).items():
        resource = model.resource
        found = [_line(actor, hit) for hit in hits]
        if len(hits) == MOST and resource.search:
            every = with_query(list_address(model), [("q", words)])
            found.append(Found(_("All in %(things)s", things=resource.plural), every, "search"))
        groups.append((resource.plural, found))
    return groups


def _line(actor: Actor, hit: Hit) -> Found:
    resource, number = hit.model.resource, f"#{hit.id}"
    name = hit.name or f"{resource.title} {hit.id}"
    return Found(name, _address(actor, hit), resource.icon, number if hit.name else "")


def _address(actor: Actor, hit: Hit) -> str:
    """Return where a row is worked with: a ticket in the inbox, by those whose place that is."""
    if hit.model is Ticket and inbox.is_open_to(actor):
        return url_for("inbox.view", view="open", number=hit.id)
    return page_address(hit.model, hit.id) or "/"
