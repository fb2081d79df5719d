"""A saved view of tickets as a queue of the inbox: the rows its list shows, in the order of the inbox."""

from __future__ import annotations

from sqlalchemy import and_, true
from sqlalchemy.orm import Session

from app.access import Actor
from app.core.errors import NotFound
from app.generate import listing
from app.generate.arranged import said_by
from app.generate.columns import seen_by
from app.generate.lists import tree_in
from app.models.tickets import Ticket
from app.models.views import SavedView
from app.services import inbox
from app.services.inbox import Queue


def queue(session: Session, actor: Actor, key: str) -> Queue | None:
    """Return the queue of the saved view `view-3`, None for another key. Raises NotFound.

    It begins with every state, since the view itself may say which it is about.
    """
    number = inbox.view_of(key)
    if number is None:
        return None
    view: SavedView | None = listing.one(session, actor, SavedView, number)
    if view is None or view.object_table != Ticket.__tablename__:
        raise NotFound
    said, _notice = said_by(session, actor, Ticket, view)
    fields = seen_by(session, actor, Ticket)
    tree = tree_in(session, actor, Ticket, fields, said)
    question = listing.Question(order="id", tree=tree, q=said.get("q", ""))
    asked = listing.criteria(session, actor, Ticket, fields, question)
    return Queue(key, view.name, and_(true(), *asked), "all")
