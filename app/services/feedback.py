"""What a customer thinks of the answer: one rating a ticket, which may be changed for a week."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict
from app.core.i18n import _
from app.models.feedback import Feedback
from app.models.tickets import Ticket
from app.record import emit, flush

CHANGEABLE = dt.timedelta(days=7)
"""How long after the first vote it may be changed."""


def rate(
    session: Session, actor: Actor, ticket: Ticket, rating: int, comments: str | None = None
) -> Feedback:
    """Rate a resolved ticket from 1 to 5, or change the rating.

    Raises NotFound for somebody else's ticket, Conflict before it is resolved or after a week, Invalid.
    """
    former = of_ticket(session, ticket)
    feedback = former or Feedback(ticket_id=ticket.id, customer_id=ticket.customer_id)
    require(actor, Can.EDIT if former else Can.ADD, feedback)
    _still_possible(ticket, former)
    feedback.rating, feedback.comments = rating, comments or None
    feedback.employee_id = ticket.assignee_id
    session.add(feedback)
    flush(session)
    emit(session, "FEEDBACK_RECEIVED", feedback)
    return feedback


def of_ticket(session: Session, ticket: Ticket) -> Feedback | None:
    """Return the rating of a ticket, None if there is none yet."""
    found: Feedback | None = session.scalar(select(Feedback).where(Feedback.ticket_id == ticket.id))
    return found


def _still_possible(ticket: Ticket, former: Feedback | None) -> None:
    if ticket.is_active:
        raise Conflict(_("You can rate this once it is solved."))
    if former and now() - former.created_at > CHANGEABLE:
        raise Conflict(_("A rating can be changed for seven days only."))
