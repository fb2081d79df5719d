"""A new ticket: written, routed in memory, and saved with its final values in one go."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, ActorKind, require
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Invalid
from app.fields.refusal import error
from app.models.customers import Customer
from app.models.routing import RuleEvent
from app.models.tickets import Channel, Priority, Status, Ticket
from app.record import by_rule, flush
from app.services import customers, mails, routing
from app.services.asking import demand, fill
from app.services.tickets.assignment import place
from app.services.tickets.standing import NOWHERE, settle
from app.services.tickets.status import move

ASKED_FOR = frozenset({"title", "description", "category", "custom_fields", "language"})
"""What a customer says of a ticket; who they are is known."""
DESK_SETS = ASKED_FOR | {"email", "priority", "tags", "channel", "status", "team_id", "assignee_id"}
CHANNELS = {ActorKind.CUSTOMER: Channel.PORTAL, ActorKind.EMPLOYEE: Channel.AGENT}


def add(session: Session, actor: Actor, values: dict[str, Any]) -> Ticket:
    """Write a ticket, route it, and acknowledge it to its requester by mail.

    A team or assignee among `values` stands; else the rules choose. Raises NotFound, Forbidden, Invalid.
    """
    require(actor, Can.ADD, Ticket)
    given = _known(actor, values)
    ticket = _written(session, _requester(session, actor, given), actor, given)
    place(session, ticket, given)
    demand(session, ticket)
    kept = given.keys() & {"team_id", "assignee_id"}
    decision = routing.route(session, ticket, RuleEvent.CREATED, kept)
    move(session, ticket, Status(given.get("status") or ticket.status))
    session.add(ticket)
    with by_rule(session, routing.rule_of(decision)):
        flush(session)
    decision.ticket_id = ticket.id
    session.add(decision)
    mails.tell(session, "received", ticket)
    settle(session, ticket, NOWHERE, reason=routing.reason_of(decision, ticket))
    return ticket


def _known(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    if actor.kind is ActorKind.CUSTOMER:
        values = {name: value for name, value in values.items() if name not in {"email", "channel"}}
    allowed = ASKED_FOR if actor.kind is ActorKind.CUSTOMER else DESK_SETS
    unknown = [error(name, "unknown_field") for name in values if name not in allowed]
    if unknown:
        raise Invalid(unknown)
    return values


def _requester(session: Session, actor: Actor, given: dict[str, Any]) -> Customer:
    if actor.kind is ActorKind.CUSTOMER:
        return session.get_one(Customer, actor.id)
    if not given.get("email"):
        raise Invalid([error("email", "required")])
    return customers.join(session, given["email"])


def _written(session: Session, customer: Customer, actor: Actor, given: dict[str, Any]) -> Ticket:
    channel = given.get("channel") or CHANNELS.get(actor.kind, Channel.API)
    ticket = Ticket(
        status=Status.NEW,
        priority=Priority.MEDIUM,
        tags=[],
        custom_fields={},
        email=customer.email,
        language=customer.language,
        customer_id=customer.id,
        created_at=now(),
        last_customer_at=now(),
    )
    apart = {"status", "team_id", "assignee_id", "channel"}
    filled = {name: value for name, value in given.items() if name not in apart and value is not None}
    fill(session, ticket, filled)
    ticket.channel = Channel(channel)
    return ticket
