"""Changes of a ticket's values, and its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.declare import Can
from app.models.archives import Archive
from app.models.tickets import Status, Ticket
from app.record import by_rules, expect, flush
from app.services import customers, routing
from app.services.asking import fill
from app.services.tickets.assignment import KEEP, place
from app.services.tickets.live import require_live
from app.services.tickets.standing import Standing, settle
from app.services.tickets.status import move


def edit(
    session: Session, actor: Actor, ticket: Ticket, values: dict[str, Any], expected: int | None = None
) -> Ticket:
    """Change values; status, team and assignee by the same ways as the verbs of their own.

    Rules for changed tickets run before anything is saved. Raises NotFound, Stale, Conflict, Invalid.
    """
    require(actor, Can.EDIT, ticket)
    require_live(ticket)
    expect(ticket, expected)
    before = Standing.of(ticket)
    _write(session, ticket, values)
    decision = routing.reroute(session, ticket, keep=values.keys() & {"team_id", "assignee_id"})
    with by_rules(session, {ticket: routing.rule_of(decision)}):
        flush(session)
    if decision is not None:
        routing.write_down(session, [(ticket, decision)])
    settle(session, ticket, before, reason=routing.reason_of(decision, ticket))
    return ticket


def delete(session: Session, actor: Actor, ticket: Ticket, expected: int | None = None) -> None:
    """Delete a ticket with everything that was said about it. Raises NotFound, Stale."""
    require(actor, Can.DELETE, ticket)
    expect(ticket, expected)
    session.delete(ticket)
    flush(session)


def archive(session: Session, actor: Actor, ticket: Ticket) -> Archive:
    """Take the ticket to the archive. Raises NotFound, Conflict."""
    from app.services import archives  # which itself needs the ways of a ticket

    return archives.take(session, actor, ticket, reason="manual")


def archive_all(session: Session, actor: Actor, tickets: Sequence[Ticket]) -> list[Archive]:
    """Take tickets to the archive together, or none. Raises NotFound, Conflict."""
    from app.services import archives

    return archives.take_all(session, actor, tickets, reason="manual")


def _write(session: Session, ticket: Ticket, values: dict[str, Any]) -> None:
    apart = {"status", "team_id", "assignee_id"}
    fill(session, ticket, {name: value for name, value in values.items() if name not in apart})
    if "email" in values:
        ticket.customer_id = customers.join(session, ticket.email).id
    place(session, ticket, {name: values.get(name, KEEP) for name in ("team_id", "assignee_id")})
    if values.get("status"):
        move(session, ticket, Status(values["status"]))
