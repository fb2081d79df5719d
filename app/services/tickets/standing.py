"""Where a ticket stands, and what follows when that changes: assignment rows, events, mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.messages import Message
from app.models.tickets import ACTIVE, Assignment, Status, Ticket
from app.models.tokens import Purpose
from app.record import act_of, emit_all, flush, put
from app.services import links, mails

ENDED = (Status.RESOLVED, Status.CLOSED)
"""The states in which nobody has to do anything any more."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Status and place of a ticket at one moment."""

    status: Status | None = None
    team_id: int | None = None
    assignee_id: int | None = None

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        """Return where the ticket stands now."""
        return cls(ticket.status, ticket.team_id, ticket.assignee_id)

    @property
    def place(self) -> tuple[int | None, int | None]:
        """Return team and assignee."""
        return self.team_id, self.assignee_id

    @property
    def holder(self) -> int | None:
        """Return whose work the ticket is."""
        return self.assignee_id if self.status in ACTIVE else None


NOWHERE = Standing()
"""Where a ticket stood before it was written."""


@dataclass(frozen=True)
class Way:
    """A flushed ticket and where it stood before.

    `reason` goes to the assignment; `said` is the reply that came with it, which the mail then repeats.
    """

    ticket: Ticket
    before: Standing
    reason: str
    said: Message | None = None

    @cached_property
    def after(self) -> Standing:
        """Return where the ticket stands after it."""
        return Standing.of(self.ticket)


def settle(
    session: Session, ticket: Ticket, before: Standing, reason: str, said: Message | None = None
) -> None:
    """Do what follows from the way a flushed ticket went since `before`."""
    settle_all(session, [Way(ticket, before, reason, said)])


def settle_all(session: Session, ways: Sequence[Way]) -> None:
    """Do what follows from the ways that flushed tickets went, for all of them together."""
    _keep_in_step(session, [way for way in ways if way.after.holder != way.before.holder])
    placed = [way for way in ways if way.after.place != way.before.place]
    emit_all(session, "TICKET_ASSIGNED", [(way.ticket, {"reason": way.reason}) for way in placed])
    resolved = [way for way in ways if way.after.status is Status.RESOLVED is not way.before.status]
    emit_all(session, "TICKET_RESOLVED", [(way.ticket, {}) for way in resolved])
    for way in resolved:
        rate = links.make(session, Purpose.RATE, "ticket", way.ticket.id)
        mails.tell(session, "resolved", way.ticket, message=way.said, rate=rate)
    reopened = [way for way in ways if way.after.status in ACTIVE and way.before.status in ENDED]
    emit_all(session, "TICKET_REOPENED", [(way.ticket, {}) for way in reopened])
    flush(session)


def _keep_in_step(session: Session, ways: Sequence[Way]) -> None:
    """Keep exactly one open assignment while a ticket is active and has an assignee, else none."""
    held = [way.ticket.id for way in ways if way.before.assignee_id is not None]
    if held:
        still_open = (Assignment.ticket_id.in_(held), Assignment.unassigned_at.is_(None))
        session.execute(update(Assignment).where(*still_open).values(unassigned_at=now()))
    put(session, Assignment, (_begun(session, way) for way in ways if way.after.holder is not None))


def _begun(session: Session, way: Way) -> dict[str, Any]:
    return {
        "ticket_id": way.ticket.id,
        "employee_id": way.after.holder,
        "team_id": way.ticket.team_id,
        "assigned_at": now(),
        "assigned_by": act_of(session).actor.label,
        "reason": way.reason,
    }
