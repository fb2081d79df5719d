"""A ticket as the inbox opens it, and what was said about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from app.access import Actor, may, per_actor, visible
from app.core.declare import Can
from app.core.errors import NotFound
from app.models.feedback import Feedback
from app.models.messages import Message
from app.models.tickets import Ticket

NEWEST = 100
"""Messages shown at first; the rest on demand."""
LARGEST = 2**63 - 1
"""The greatest number a ticket can have."""


@dataclass(frozen=True)
class Opened:
    """A ticket with its requester loaded, and its rating; `people` names who else has to do with it."""

    ticket: Ticket
    feedback: Feedback | None


@dataclass(frozen=True)
class Conversation:
    """Messages, oldest first; `earlier` says that there are more before them."""

    messages: tuple[Message, ...]
    earlier: bool

    @property
    def newest(self) -> int:
        """Return the number of the newest message, 0 for none."""
        return self.messages[-1].id if self.messages else 0


def opened(session: Session, actor: Actor, number: int) -> Opened:
    """Return a ticket the actor may see: one statement. Raises NotFound."""
    if number > LARGEST:
        raise NotFound
    found = session.execute(_opened(actor), {"number": number}).unique().one_or_none()
    if found is None:
        raise NotFound
    return Opened(*found)


@per_actor
def _opened(actor: Actor) -> Select[Ticket, Feedback]:
    return (
        select(Ticket, Feedback)
        .outerjoin(Feedback, and_(Feedback.ticket_id == Ticket.id, visible(actor, Feedback)))
        .where(Ticket.id == bindparam("number"), visible(actor, Ticket))
        .options(joinedload(Ticket.customer))
    )


def conversation(session: Session, actor: Actor, ticket: Ticket, *, everything: bool = False) -> Conversation:
    """Return the messages of a ticket that was opened: one statement."""
    if not _hears(actor, ticket):
        return Conversation((), earlier=False)
    found = list(session.scalars(_messages(actor.is_employee, everything), {"ticket": ticket.id}))
    shown = found if everything else found[:NEWEST]
    return Conversation(tuple(reversed(shown)), earlier=len(found) > len(shown))


@cache
def _messages(internal_too: bool, everything: bool) -> Select[Message]:
    statement = select(Message).where(Message.ticket_id == bindparam("ticket")).order_by(Message.id.desc())
    if not internal_too:
        statement = statement.where(Message.is_internal.is_(False))
    return statement if everything else statement.limit(NEWEST + 1)


def _hears(actor: Actor, ticket: Ticket) -> bool:
    """Tell whether the actor may read what is said in a ticket: its messages belong to whom it belongs."""
    any_message = Message(is_internal=False)
    set_committed_value(any_message, "ticket", ticket)
    return may(actor, Can.READ, any_message)
