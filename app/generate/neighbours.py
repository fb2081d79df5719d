"""The rows before and after one, within the list somebody came from: with its filters, words and order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.access import Actor
from app.core.errors import Invalid
from app.core.i18n import _
from app.generate import listing, pages
from app.generate.addresses import with_query
from app.generate.cells import page_address, title_of
from app.generate.columns import seen_by
from app.generate.listing import Question
from app.generate.lists import order_of, tree_in

LIST = "list"
"""The parameter of a page that says which list it was opened from: the query of its address."""
LONGEST = 2_000


def list_asked(url: str, arguments: MultiDict[str, str], referrer: str | None) -> str | None:
    """Return the query of the list at `url` that a row was opened from; None if it was none."""
    if LIST in arguments:
        return arguments[LIST][:LONGEST]
    came = urlsplit(referrer or "")
    return came.query[:LONGEST] if came.path == url else None


def neighbours(session: Session, actor: Actor, row: Any, asked: str | None) -> tuple[pages.Action, ...]:
    """Return links to the rows before and after `row`, as far as there are some: a statement for each."""
    if asked is None:
        return ()
    try:
        before, after = (_beside(session, actor, row, asked, back=back) for back in (True, False))
    except Invalid:  # the list asked for something that is not there any more
        return ()
    found = []
    if before is not None:
        text = _("Previous: %(name)s", name=title_of(before))
        found.append(pages.Action(label=text, url=_address(before, asked), icon="arrow-up", key="k"))
    if after is not None:
        text = _("Next: %(name)s", name=title_of(after))
        found.append(pages.Action(label=text, url=_address(after, asked), icon="arrow-down", key="j"))
    return tuple(found)


def _beside(session: Session, actor: Actor, row: Any, asked: str, *, back: bool) -> Any:
    model = type(row)
    fields = seen_by(session, actor, model)
    arguments = MultiDict(parse_qsl(asked))
    label = model.resource.label or model.resource.columns[0]
    question = Question(
        order=order_of(model, fields, arguments.get("sort")),
        tree=tree_in(session, actor, model, fields, arguments),
        q=arguments.get("q", ""),
        limit=1,
        columns=(label,),
    )
    question = listing.unhidden(actor, model, question)
    question = replace(question, cursor=listing.cursor_at(row, fields, question, back=back))
    return next(iter(listing.page_of(session, actor, model, fields, question).rows), None)


def _address(row: Any, asked: str) -> str:
    return with_query(page_address(type(row), row.id) or "", [(LIST, asked)])
