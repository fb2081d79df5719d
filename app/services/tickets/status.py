"""The states of a ticket and the ways between them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.access import Actor, ActorKind, require
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.models.tickets import Status, Ticket
from app.record import expect, flush
from app.services.asking import demand_end
from app.services.tickets.live import require_live
from app.services.tickets.standing import ENDED, Standing, settle


def resolve(session: Session, actor: Actor, ticket: Ticket, expected: int | None = None) -> Ticket:
    """Say that the ticket is solved. A customer may say so of an own ticket.

    Raises NotFound, Stale, Conflict if it was ended before or is archived, Invalid naming the fields
    that must be filled first.
    """
    require(actor, Can.READ if actor.kind is ActorKind.CUSTOMER else Can.EDIT, ticket)
    if not ticket.is_active:
        raise Conflict(_("This ticket is resolved already."))
    return _go(session, ticket, Status.RESOLVED, expected)


def reopen(session: Session, actor: Actor, ticket: Ticket, expected: int | None = None) -> Ticket:
    """Take up a resolved or closed ticket again. Raises NotFound, Stale, Conflict."""
    require(actor, Can.EDIT, ticket)
    if ticket.is_active:
        raise Conflict(_("This ticket is open already."))
    return _go(session, ticket, Status.OPEN, expected)


def move(session: Session, ticket: Ticket, status: Status) -> None:
    """Set the status and the moments that go with it, without flushing. Raises Invalid."""
    if status is ticket.status:
        return
    if status is Status.NEW and ticket.first_response_at is not None:
        raise Invalid.one("status", "not_allowed", _("A ticket that was answered cannot become new again."))
    if status in ENDED and ticket.status not in ENDED:
        demand_end(session, ticket)
    stand(ticket, status)


def stand(ticket: Ticket, status: Status) -> None:
    """Set the status and the moments that go with it, whatever is asked of who does so by hand."""
    ticket.status = status
    ticket.resolved_at = (ticket.resolved_at or now()) if status in ENDED else None
    ticket.closed_at = now() if status is Status.CLOSED else None


def _go(session: Session, ticket: Ticket, status: Status, expected: int | None) -> Ticket:
    require_live(ticket)
    expect(ticket, expected)
    before = Standing.of(ticket)
    move(session, ticket, status)
    flush(session)
    settle(session, ticket, before, reason=str(status))
    return ticket
