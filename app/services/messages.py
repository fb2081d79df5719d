"""What is said about a ticket: replies, which the customer reads, and notes, which stay inside."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.access import Actor, ActorKind, require
from app.adapters import markdown
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.core.i18n import _
from app.fields.refusal import error
from app.models.messages import Message, SenderType
from app.models.tickets import Channel, Status, Ticket
from app.record import emit, flush, together
from app.record.outbox import snapshot
from app.services import mails
from app.services.tickets.live import lock, require_live
from app.services.tickets.standing import ENDED, Standing, settle
from app.services.tickets.status import move

SENDERS = {ActorKind.EMPLOYEE: SenderType.EMPLOYEE, ActorKind.CUSTOMER: SenderType.CUSTOMER}
WRITTEN = frozenset({"ticket_id", "message_body", "is_internal"})
CHANNELS = {ActorKind.EMPLOYEE: Channel.AGENT, ActorKind.CUSTOMER: Channel.PORTAL}
ANSWERS = {ActorKind.EMPLOYEE, ActorKind.KEY}
"""Who answers in the desk's name. What the program says by itself is no first response."""


class Newer(Stale):
    """Somebody else wrote after what the writer saw: `newest` is to be read before sending again."""

    message = _("There is a newer message. Read it, then send again.")

    def __init__(self, newest: Message) -> None:
        super().__init__(newest)
        self.newest = newest


def add(session: Session, actor: Actor, values: dict[str, Any]) -> Message:
    """Write a message by its values: ticket_id, message_body, is_internal. Raises as `reply` does."""
    unknown = [error(name, "unknown_field") for name in values if name not in WRITTEN]
    if unknown:
        raise Invalid(unknown)
    ticket = session.get(Ticket, values.get("ticket_id") or 0)
    body, internal = values.get("message_body") or "", bool(values.get("is_internal"))
    absent = Invalid([error("ticket_id", "not_a_reference")])  # said alike of somebody else's ticket
    if ticket is None:
        raise absent
    try:
        return reply(session, actor, ticket, body, internal=internal)
    except NotFound as problem:
        raise absent from problem


def reply(  # noqa: PLR0913  what is said and how, by name
    session: Session,
    actor: Actor,
    ticket: Ticket,
    body: str,
    *,
    internal: bool = False,
    newest_seen: int | None = None,
    status: Status | None = None,
) -> Message:
    """Say something in a ticket, as a public reply or an internal note, and leave it at `status` if given.

    `newest_seen` is the newest message the writer saw, 0 for none: if somebody else wrote after it, `Newer`
    is raised and nothing is sent. Raises NotFound, Conflict for an archived or closed ticket, Invalid.
    """
    message = _written(actor, ticket, body, internal)
    _permit(actor, message)
    lock(session, ticket)  # whoever writes next waits here, so that two who send at once see each other
    require_live(ticket)
    _refuse_closed(actor, ticket, message)
    if newest_seen is not None:
        _refuse_unread(session, actor, message, newest_seen)
    before = Standing.of(ticket)
    if not internal:
        _heard(session, actor, ticket)
    if status is not None:
        move(session, ticket, status)
    session.add(message)
    with together(session):
        flush(session)
        _touch(session, actor, ticket, message)
        _tell(session, ticket, message)
        settle(session, ticket, before, reason="reply", said=message)
    return message


def _written(actor: Actor, ticket: Ticket, body: str, internal: bool) -> Message:
    if not body.strip():
        raise Invalid([error("message_body", "required")])
    sender = SENDERS.get(actor.kind, SenderType.SYSTEM)
    message = Message(
        ticket_id=ticket.id,
        sender_type=sender,
        sender_id=None if sender is SenderType.SYSTEM else actor.id,
        message_body=body,
        body_html=str(markdown.render(body)),
        is_internal=internal,
        channel=CHANNELS.get(actor.kind, Channel.API),
    )
    set_committed_value(message, "ticket", ticket)  # permission is asked of the row before it is saved
    return message


def _permit(actor: Actor, message: Message) -> None:
    if message.is_internal and actor.kind is ActorKind.KEY and not actor.scopes & {"read_notes", "admin"}:
        raise Forbidden("read_notes")
    require(actor, Can.ADD, message)


def _refuse_closed(actor: Actor, ticket: Ticket, message: Message) -> None:
    if ticket.status is not Status.CLOSED or message.is_internal:
        return
    if actor.kind is ActorKind.CUSTOMER:
        raise Conflict(_("This request is closed. Please write a new one."))
    raise Conflict(_("This ticket is closed. Reopen it first."))


def _refuse_unread(session: Session, actor: Actor, message: Message, newest_seen: int) -> None:
    """Raise Newer if somebody else wrote since; customers and programs do not hear of notes."""
    others = or_(
        Message.sender_type != message.sender_type, Message.sender_id.is_distinct_from(message.sender_id)
    )
    newer = select(Message).where(Message.ticket_id == message.ticket_id, Message.id > newest_seen, others)
    if not actor.is_employee:
        newer = newer.where(Message.is_internal.is_(False))
    newest = session.scalar(newer.order_by(Message.id.desc()).limit(1))
    if newest is not None:
        raise Newer(newest)


def _heard(session: Session, actor: Actor, ticket: Ticket) -> None:
    """Let a public message move the ticket: an answer opens it, a customer's word takes it up again."""
    if actor.kind is ActorKind.CUSTOMER and ticket.status in {Status.PENDING, Status.RESOLVED}:
        move(session, ticket, Status.OPEN)
    if actor.kind in ANSWERS:
        ticket.first_response_at = ticket.first_response_at or now()
        if ticket.status is Status.NEW:
            move(session, ticket, Status.OPEN)


def _touch(session: Session, actor: Actor, ticket: Ticket, message: Message) -> None:
    """Note when somebody last spoke. That is no change of the ticket: a form that is open stays good."""
    names = ["last_activity_at", "updated_at"]
    if not message.is_internal and actor.kind is ActorKind.CUSTOMER:
        names.append("last_customer_at")
    elif not message.is_internal and actor.kind in ANSWERS:
        names.append("last_agent_at")
    moment = now()
    session.connection().execute(_moments(*names), {"key": ticket.id, "moment": moment})
    for name in names:
        set_committed_value(ticket, name, moment)


@cache
def _moments(*names: str) -> Update:
    """Return the statement that sets some moments of a ticket, built once."""
    table: Any = Ticket.__table__
    return (
        update(table).where(table.c.id == bindparam("key")).values(dict.fromkeys(names, bindparam("moment")))
    )


def _tell(session: Session, ticket: Ticket, message: Message) -> None:
    event = "TICKET_NOTE_ADDED" if message.is_internal else "TICKET_REPLIED"
    emit(session, event, ticket, {"message": snapshot(session, message)})
    if message.is_internal or message.sender_type is SenderType.CUSTOMER or ticket.status in ENDED:
        return  # a reply that resolves goes out with the mail that says so
    mails.tell(session, "reply", ticket, message=message)
