"""Saved views of tickets as queues of the inbox: the rows that their list shows, in its order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial

from flask import g
from sqlalchemy import ColumnElement, ScalarSelect, and_, select, true
from sqlalchemy.orm import Session

from app.access import Actor, visible
from app.core.errors import NotFound
from app.core.i18n import Text
from app.criteria import conditions, parse
from app.fields import FieldSet
from app.fields.kinds import WORDS
from app.generate import listing, orders
from app.generate.arranged import said_by
from app.generate.columns import seen_by
from app.generate.indexed import follows_index
from app.generate.listing import Question
from app.generate.lists import order_of, tree_in
from app.models.tickets import Ticket
from app.models.views import SavedView
from app.services import inbox
from app.services.inbox import Kept, Order, Places, Queue


@dataclass(frozen=True)
class Asked:
    """What a saved view asks of tickets, read once a request."""

    session: Session
    actor: Actor
    name: str
    fields: FieldSet
    question: Question
    notice: Text

    @cached_property
    def where(self) -> ColumnElement[bool]:
        """Return it as a criterion: one statement where the view searches for words."""
        return and_(true(), *listing.criteria(self.session, self.actor, Ticket, self.fields, self.question))

    @property
    def is_cheap(self) -> bool:
        """Tell whether each ticket is only asked what is quickly told: texts are folded before they are."""
        if self.question.q:
            return False
        asked = conditions(parse(self.question.tree or {}, self.fields, changes=False, me=True))
        return all(one.field.kind not in WORDS for one in asked)

    @property
    def is_sorted(self) -> bool:
        """Tell whether its tickets are sorted for each page, which only so many can be."""
        return not follows_index(Ticket, self.question.order)

    @property
    def crowd(self) -> ScalarSelect[bool]:
        """Return as SQL whether there are too many of them for that."""
        seen = select(Ticket.id).where(visible(self.actor, Ticket), self.where)
        return orders.beyond(seen).scalar_subquery()


def queue(session: Session, actor: Actor, key: str, known: Places) -> Queue | None:
    """Return the queue of the saved view `view-3`, None for another key. Raises NotFound.

    It begins with every state, archived or not, since the view itself may say which it is about.
    """
    number = inbox.view_of(key)
    if number is None:
        return None
    view = known.views.get(number)
    asked = _asked(session, actor, number, view or _view(session, actor, number))
    question, unsorted = asked.question, ""
    if known.crowded if view else asked.is_sorted and session.scalar(select(asked.crowd)):
        question, unsorted = orders.unsorted(Ticket, asked.fields, question)
    order = _order(asked.fields, question)
    said = asked.notice or unsorted
    return Queue(key, asked.name, asked.where, "all", order=order, archived_too=True, notice=said)


def counted(session: Session, actor: Actor, known: Places, current: str) -> Places:
    """Return the places with the figures of those views that are cheap to count: one statement for all.

    It also tells whether there are too many tickets to sort in the one that is open, `current`.
    """
    views = {f"{inbox.VIEW}{one}": _asked(session, actor, one, view) for one, view in known.views.items()}
    cheap = {key: asked.where for key, asked in views.items() if asked.is_cheap}
    opened = views.get(current)
    crowd = opened.crowd if opened is not None and opened.is_sorted else None
    return inbox.with_views(session, actor, known, cheap, crowd)


def _asked(session: Session, actor: Actor, number: int, view: Kept) -> Asked:
    read: dict[int, Asked] = g.setdefault("inbox_views", {})
    if number not in read:
        fields = seen_by(session, actor, Ticket)
        said, notice = said_by(session, actor, Ticket, view.query)
        question = Question(
            order=order_of(Ticket, fields, said.get("sort")),
            tree=tree_in(session, actor, Ticket, fields, said),
            q=said.get("q", ""),
        )
        question = listing.unhidden(actor, Ticket, question)
        read[number] = Asked(session, actor, view.name, fields, question, notice)
    return read[number]


def _view(session: Session, actor: Actor, number: int) -> Kept:
    view: SavedView | None = listing.one(session, actor, SavedView, number)
    if view is None or view.object_table != Ticket.__tablename__:
        raise NotFound
    return Kept(view.name, view.query)


def _order(fields: FieldSet, question: Question) -> Order:
    return Order(
        by=tuple(listing.order(Ticket, question)),
        value=getattr(Ticket, question.column),
        after=partial(listing.beyond, Ticket, fields, question),
        cursor=partial(listing.cursor_of, fields=fields, question=question),
    )
