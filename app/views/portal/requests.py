"""One's own requests, newest activity first, page by page."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.access import Actor
from app.fields import fields_of
from app.generate.listing import Page, Question, page_of
from app.models.tickets import Ticket

COLUMNS = ("id", "title", "status", "created_at", "last_activity_at")


def latest(session: Session, actor: Actor, limit: int, cursor: str | None = None) -> Page:
    """Return a page of the actor's requests: one statement. Raises Invalid for a cursor that cannot be."""
    question = Question(order="-last_activity_at", cursor=cursor, limit=limit, columns=COLUMNS)
    return page_of(session, actor, Ticket, fields_of(session, Ticket), question)
