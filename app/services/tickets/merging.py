"""Two tickets about the same: what was said moves to one of them, and the other is closed and points there.

Both are the same requester's, who reads all of the conversation: what one customer wrote is never another's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.access import Actor, may, require, visible
from app.adapters import markdown
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict, Invalid
from app.core.i18n import Text, _
from app.criteria import fold
from app.fields.refusal import error
from app.models.messages import Message, SenderType
from app.models.tickets import Status, Ticket
from app.record import emit, expect, flush, log_all, note
from app.services.routing.action import joined
from app.services.tickets.live import lock, refuse_merged, require_live
from app.services.tickets.standing import Standing, settle
from app.services.tickets.status import stand

COLUMN = "merged_into_id"
OFFERED = 100
"""Tickets offered to choose from, the newest; programs may name any other."""


def merge(
    session: Session, actor: Actor, ticket: Ticket, into: int | str | None, expected: int | None = None
) -> Ticket:
    """Close `ticket` and let it go on in the ticket numbered `into`, which is returned.

    Its description, replies and notes become messages there, its tags are added; what was asked, decided and
    rated stays with it. Raises NotFound; Stale; Invalid if there is no such ticket to change, or it is
    another requester's; Conflict if one is archived or merged already, or the one that goes on is closed.
    """
    require(actor, Can.EDIT, ticket)
    seen = ticket.version if expected is None else expected
    target = _target(session, actor, into)
    for one in sorted({ticket, target}, key=lambda one: one.id):  # in one order: nobody waits for ever
        lock(session, one)
    expect(ticket, seen)
    _check(ticket, target)
    before = Standing.of(ticket)
    if ticket.status is not Status.CLOSED:
        stand(ticket, Status.CLOSED)
    ticket.merged_into_id = target.id
    _move(session, ticket, target)
    _join(ticket, target)
    flush(session)
    _tell(session, ticket, target)
    settle(session, ticket, before, reason="merged")
    return target


def followed(session: Session, actor: Actor, ticket: Ticket) -> Ticket:
    """Return the ticket in which `ticket` goes on, as far as the actor may see: mostly itself."""
    while ticket.merged_into_id is not None:
        into = session.get(Ticket, ticket.merged_into_id)
        if into is None or not may(actor, Can.READ, into):
            break
        ticket = into
    return ticket


def targets(session: Session, actor: Actor, ticket: Ticket) -> list[tuple[str, Text]]:
    """Return the other tickets of the requester in which `ticket` can go on, as values and labels."""
    its = Ticket.customer_id == ticket.customer_id if ticket.customer_id else Ticket.email == ticket.email
    live = (Ticket.archived_at.is_(None), Ticket.merged_into_id.is_(None), Ticket.status != Status.CLOSED)
    others = select(Ticket.id, Ticket.title, Ticket.status).where(its, *live, Ticket.id != ticket.id)
    rows = session.execute(
        others.where(visible(actor, Ticket, Can.EDIT)).order_by(Ticket.id.desc()).limit(OFFERED)
    ).all()
    first = _("Choose a ticket") if rows else _("The requester has no other ticket that is not closed.")
    said = "#%(number)s %(title)s (%(status)s)"
    named = ((str(r.id), said % {"number": r.id, "title": r.title, "status": r.status.label}) for r in rows)
    return [("", first), *named]


def consequences(_session: Session, _ticket: Ticket, verb: str) -> Iterator[Text]:
    """Yield what a merge would do, in sentences."""
    if verb != "merge":
        return
    yield _(
        "What was asked and said here moves to the ticket you choose, notes too, and tags are added there."
    )
    yield _("This ticket is closed for good and leads there, the requester as well.")


def _target(session: Session, actor: Actor, into: int | str | None) -> Ticket:
    if not into:
        raise Invalid([error(COLUMN, "required")])
    target = session.get(Ticket, int(into))
    if target is None or not may(actor, Can.EDIT, target):
        raise Invalid([error(COLUMN, "not_a_reference")])
    return target


def _check(ticket: Ticket, target: Ticket) -> None:
    require_live(ticket)
    if target is ticket:
        raise Invalid.one(COLUMN, "not_allowed", _("Choose another ticket than this one."))
    refuse_merged(target)
    if target.archived_at is not None:
        raise Conflict(_("Ticket #%(number)s is archived. Restore it first.", number=target.id))
    if _requester(ticket) != _requester(target):
        text = _("Choose a ticket of the same requester, who reads all that was said.")
        raise Invalid.one(COLUMN, "not_allowed", text)
    if target.status is Status.CLOSED:
        raise Conflict(_("Ticket #%(number)s is closed. Reopen it first.", number=target.id))


def _requester(ticket: Ticket) -> int | str:
    return ticket.customer_id or fold(ticket.email)


def _move(session: Session, ticket: Ticket, target: Ticket) -> None:
    """Let what was said in `ticket` stand in `target`; what was asked at first is said there once more."""
    for message in session.scalars(select(Message).where(Message.ticket_id == ticket.id)):
        message.ticket_id = target.id
    if not ticket.description.strip():
        return
    request = Message(
        ticket_id=target.id,
        sender_type=SenderType.CUSTOMER,
        sender_id=ticket.customer_id,
        message_body=ticket.description,
        body_html=str(markdown.render(ticket.description)),
        is_internal=False,
        channel=ticket.channel,
        created_at=ticket.created_at,
    )
    set_committed_value(request, "ticket", target)
    session.add(request)


def _join(ticket: Ticket, target: Ticket) -> None:
    target.tags = list(joined(target.tags, ticket.tags))
    target.last_activity_at = now()
    for name in ("last_customer_at", "last_agent_at"):
        setattr(target, name, _later(getattr(target, name), getattr(ticket, name)))


def _later(one: dt.datetime | None, other: dt.datetime | None) -> dt.datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)


def _tell(session: Session, ticket: Ticket, target: Ticket) -> None:
    note(session, target, {"merged_from": ticket.id})
    log_all(session, "MERGE", [(ticket, {"into": target.id}), (target, {"from": ticket.id})])
    emit(session, "TICKET_MERGED", ticket)
