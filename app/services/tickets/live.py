"""Whether a ticket can be written to: it is there, nobody else writes now, and it goes on here."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core.errors import Conflict, NotFound
from app.core.i18n import _
from app.models.tickets import Ticket

ANEW = select(Ticket).where(Ticket.id == bindparam("key")).with_for_update(key_share=True)


def refuse_archived(ticket: Ticket) -> None:
    """Raise Conflict if the ticket lies in the archive."""
    if ticket.archived_at is not None:
        raise Conflict(_("This ticket is archived. Restore it first."))


def refuse_merged(ticket: Ticket) -> None:
    """Raise Conflict if the ticket was merged into another, in which it goes on."""
    if ticket.merged_into_id is not None:
        into = ticket.merged_into_id
        raise Conflict(_("This ticket was merged into #%(number)s. Go on there.", number=into))


def require_live(ticket: Ticket) -> None:
    """Raise Conflict if the ticket does not change any more: it is archived, or merged into another."""
    refuse_archived(ticket)
    refuse_merged(ticket)


def lock(session: Session, ticket: Ticket) -> None:
    """Read the ticket anew and keep it from other writers until the commit. Raises NotFound if it is gone."""
    if session.scalar(ANEW, {"key": ticket.id}, execution_options={"populate_existing": True}) is None:
        raise NotFound
