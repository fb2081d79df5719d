"""What stands beside a conversation: macros to answer with, and what else the requester asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access import Actor, visible
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
    fits = Macro.team_id.is_(None) if team is None else or_(Macro.team_id.is_(None), Macro.team_id == team)
    statement = select(Macro.id, Macro.title).where(visible(actor, Macro), fits)
    often = statement.order_by(Macro.usage_count.desc(), Macro.title, Macro.id).limit(MOST_MACROS)
    return tuple((number, title) for number, title in session.execute(often))


def other_tickets(session: Session, actor: Actor, ticket: Ticket) -> tuple[Other, ...]:
    """Return the newest other tickets of the requester that the actor may see: one statement."""
    if ticket.customer_id is None:
        return ()
    statement = (
        select(Ticket.id, Ticket.title, Ticket.status, Ticket.created_at)
        .where(Ticket.customer_id == ticket.customer_id, Ticket.id != ticket.id, visible(actor, Ticket))
        .order_by(Ticket.created_at.desc(), Ticket.id.desc())
        .limit(MOST_OTHERS)
    )
    return tuple(Other(*row) for row in session.execute(statement))
