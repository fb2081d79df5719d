"""Merging two tickets and, if there is something to say, telling the requester where theirs goes on."""

from __future__ import annotations

from functools import cache

from sqlalchemy.orm import Session

from app.access import Actor
from app.core.i18n import _
from app.fields import Field, FieldSet, Kind
from app.fields.columns import column_fields
from app.models.tickets import Ticket
from app.services import messages, tickets

INTO, COMMENT = "merged_into_id", "comment"


@cache
def choice() -> FieldSet:
    """Return what is asked, of forms and the API alike."""
    into = next(field for field in column_fields(Ticket) if field.name == INTO)
    comment = Field(
        name=COMMENT,
        kind=Kind.LONG_TEXT,
        label=_("Comment"),
        help=_(
            "The requester gets it by mail and reads it in the ticket that goes on. Without, nobody is told."
        ),
        markdown=True,
    )
    return FieldSet(Ticket.__tablename__, 0, (into, comment))


def merge(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    into: int | str | None,
    *,
    comment: str = "",
    expected: int | None = None,
) -> Ticket:
    """Merge as `tickets.merge` does, and let `comment`, if any, be a reply in the ticket that goes on.

    Raises as that does, and NotFound where the actor may not write there.
    """
    target = tickets.merge(session, actor, ticket, into, expected)
    if comment.strip():
        messages.reply(session, actor, target, comment)
    return target
