"""What stands beside a conversation: macros to answer with, and what else the requester asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from app.access import Actor, per_actor, visible
from app.models.macros import Macro
from app.models.tickets import Status, Ticket

MOST_MACROS = 100
MOST_OTHERS = 5

Macros = tuple[tuple[int, str], ...]
"""Number and title of each macro, the most used first."""


@dataclass(frozen=True)
class Other:
    """Another ticket of the same requester."""

    id: int
    title: str
    status: Status
    created_at: dt.datetime


def macros(session: Session, actor: Actor, team: int | None) -> Macros:
    """Return the macros the actor may use for a ticket of `team`: one statement."""
    return tuple((number, title) for number, title in session.execute(_macros(actor), {"team": team}))


@per_actor
def _macros(actor: Actor) -> Select[int, str]:
    fits = or_(Macro.team_id.is_(None), Macro.team_id == bindparam("team"))
    statement = select(Macro.id, Macro.title).where(visible(actor, Macro), fits)
    return statement.order_by(Macro.usage_count.desc(), Macro.title, Macro.id).limit(MOST_MACROS)


def other_tickets(session: Session, actor: Actor, ticket: Ticket) -> tuple[Other, ...]:
    """Return the newest other tickets of the requester that the actor may see: one statement."""
    if ticket.customer_id is None:
        return ()
    asked = {"requester": ticket.customer_id, "this": ticket.id}
    return tuple(Other(*row) for row in session.execute(_others(actor), asked))


@per_actor
def _others(actor: Actor) -> Select[int, str, Status, dt.datetime]:
    theirs = (Ticket.customer_id == bindparam("requester"), Ticket.id != bindparam("this"))
    return (
        select(Ticket.id, Ticket.title, Ticket.status, Ticket.created_at)
        .where(*theirs, visible(actor, Ticket))
        .order_by(Ticket.created_at.desc(), Ticket.id.desc())
        .limit(MOST_OTHERS)
    )
