"""New tickets: written, routed in memory, and saved with their final values in one go."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, ActorKind, require
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Invalid, each
from app.fields.refusal import error
from app.models.customers import Customer
from app.models.routing import RuleEvent
from app.models.tickets import Channel, Priority, Status, Ticket
from app.record import by_rules, flush, together
from app.services import customers, mails, routing
from app.services.asking import demand, fill
from app.services.tickets.assignment import place, places
from app.services.tickets.standing import NOWHERE, Way, settle_all
from app.services.tickets.status import move

ASKED_FOR = frozenset({"title", "description", "category", "custom_fields", "language"})
"""What a customer says of a ticket; who they are is known."""
DESK_SETS = ASKED_FOR | {"email", "priority", "tags", "channel", "status", "team_id", "assignee_id"}
CHANNELS = {ActorKind.CUSTOMER: Channel.PORTAL, ActorKind.EMPLOYEE: Channel.AGENT}


Draft = tuple[Ticket, routing.Decided]
"""A ticket as it will be, and why."""


def add(session: Session, actor: Actor, values: dict[str, Any]) -> Ticket:
    """Write a ticket, route it, and acknowledge it to its requester by mail.

    A team or assignee among `values` stands; else the rules choose. Raises NotFound, Forbidden, Invalid.
    """
    return add_all(session, actor, [values])[0]


def add_all(session: Session, actor: Actor, many: Sequence[dict[str, Any]]) -> list[Ticket]:
    """Write tickets one after the other, but save them together: all or none. Raises as `add` does."""
    require(actor, Can.ADD, Ticket)
    given = each(many, partial(_known, actor))
    requesters = _requesters(session, actor, given)
    router, named = routing.Router(session), places(session, given)
    drafts = each(zip(given, requesters, strict=True), partial(_draft, session, actor, router))
    del named  # kept until now, so that each draft finds its team and assignee in the session
    with together(session):
        _save(session, drafts)
    return [ticket for ticket, _decision in drafts]


def _save(session: Session, drafts: Sequence[Draft]) -> None:
    session.add_all(ticket for ticket, _decision in drafts)
    with by_rules(session, {ticket: routing.rule_of(decision) for ticket, decision in drafts}):
        flush(session)
    routing.write_down(session, drafts)
    mails.tell_all(session, "received", (ticket for ticket, _decision in drafts))
    settle_all(session, [Way(one, NOWHERE, routing.reason_of(decision, one)) for one, decision in drafts])


def _draft(
    session: Session, actor: Actor, router: routing.Router, asked: tuple[dict[str, Any], Customer]
) -> Draft:
    """Return what is to be saved."""
    given, customer = asked
    ticket = _written(session, customer, actor, given)
    place(session, ticket, given)
    demand(session, ticket)
    decision = router.route(ticket, RuleEvent.CREATED, given.keys() & {"team_id", "assignee_id"})
    move(session, ticket, Status(given.get("status") or ticket.status))
    if ticket.is_active and ticket.assignee_id is not None:
        router.staff.give(ticket.assignee_id)
    return ticket, decision


def _known(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    if actor.kind is ActorKind.CUSTOMER:
        values = {name: value for name, value in values.items() if name not in {"email", "channel"}}
    allowed = ASKED_FOR if actor.kind is ActorKind.CUSTOMER else DESK_SETS
    unknown = [error(name, "unknown_field") for name in values if name not in allowed]
    if unknown:
        raise Invalid(unknown)
    return values


def _requesters(session: Session, actor: Actor, many: Sequence[dict[str, Any]]) -> list[Customer]:
    """Return whose ticket each is."""
    if actor.kind is ActorKind.CUSTOMER:
        return [session.get_one(Customer, actor.id)] * len(many)
    addresses = each(many, _address)
    found = customers.join_all(session, dict.fromkeys(addresses, ""))
    return [found[address] for address in addresses]


def _address(given: dict[str, Any]) -> str:
    if not given.get("email"):
        raise Invalid([error("email", "required")])
    return str(given["email"])


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
