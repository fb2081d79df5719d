"""Ratings: one tap from 1 to 5, and a comment if one likes, on the request's page or by a mailed link."""

from __future__ import annotations

from flask import request
from sqlalchemy.orm import Session

from app.access import Actor
from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.models.feedback import Feedback
from app.models.tickets import Ticket
from app.services import feedback
from app.views.portal.words import RATINGS


def rated(session: Session, actor: Actor, ticket: Ticket) -> Feedback:
    """Write the rating that was tapped; a comment given before stays. Raises NotFound, Conflict, Invalid."""
    tapped = request.form.get("rating", "")
    if tapped not in {str(number) for number in RATINGS}:
        raise Invalid.one("rating", "required", _("Please tap one of the five."))
    given = feedback.of_ticket(session, ticket)
    comment = request.form.get("comments", given.comments if given else None)
    return feedback.rate(session, actor, ticket, int(tapped), comment)


def may_vote(ticket: Ticket, given: Feedback | None) -> bool:
    """Tell whether the ticket can be rated, or its rating changed, now."""
    if ticket.is_active:
        return False
    return given is None or now() - given.created_at <= feedback.CHANGEABLE
