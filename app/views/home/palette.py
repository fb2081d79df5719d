"""What the palette finds: places to go, and rows the person may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for

from app.access import Actor, may
from app.core.declare import Can
from app.core.extensions import db
from app.core.i18n import Text, _
from app.fields import fields_of
from app.generate import listing
from app.generate.cells import page_address, title_of
from app.generate.shell import frame
from app.models.articles import Article
from app.models.customers import Customer
from app.models.people import Employee
from app.models.teams import Team
from app.models.tickets import Ticket
from app.services import inbox
from app.views.home.blueprint import blueprint, employee

SOUGHT: tuple[Any, ...] = (Ticket, Customer, Article, Team, Employee)
"""What is looked for, in the order it is shown; one statement each."""
MOST = 5
LONGEST = 100


@dataclass(frozen=True)
class Found:
    """One line of the palette."""

    label: Text
    url: str
    icon: str
    detail: Text = ""


@blueprint.get("/palette")
def palette() -> str:
    """Answer with the lines for the words `q`; without words, with the places only."""
    actor = employee()
    words = request.args.get("q", "").replace("\0", "").strip()[:LONGEST]
    groups = [(_("Go to"), list(_places(words)))]
    if len(words) > 1:
        groups += [
            (model.resource.plural, list(_rows(actor, model, words)))
            for model in SOUGHT
            if may(actor, Can.READ, model)
        ]
    return render_template("home/palette.html", groups=groups)


def _places(words: str) -> Iterator[Found]:
    for _label, items in frame().navigation:
        for item in items:
            if words.casefold() in str(item.label).casefold():
                yield Found(item.label, item.url, item.icon)


def _rows(actor: Actor, model: Any, words: str) -> Iterator[Found]:
    resource = model.resource
    question = listing.Question(order=resource.order, q=words, limit=MOST)
    for row in listing.page_of(db.session(), actor, model, fields_of(db.session(), model), question).rows:
        if isinstance(row, Ticket) and inbox.is_open_to(actor):
            url = url_for("inbox.view", view="open", number=row.id)
            yield Found(row.title, url, resource.icon, f"#{row.id}")
        else:
            yield Found(title_of(row), page_address(model, row.id) or "/", resource.icon, resource.title)
