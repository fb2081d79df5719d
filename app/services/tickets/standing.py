"""Where a ticket stands, and what follows when that changes: assignment rows, events, mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.messages import Message
from app.models.tickets import ACTIVE, Assignment, Status, Ticket
from app.models.tokens import Purpose
from app.record import act_of, emit_all, flush
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


@dataclass(frozen=True, slots=True)
class Way:
    """A flushed ticket and where it stood before.

    `reason` goes to the assignment; `said` is the reply that came with it, which the mail then repeats.
    """

    ticket: Ticket
    before: Standing
    reason: str
    said: Message | None = None

    @property
    def after(self) -> Standing:
        """Return where the ticket stands now."""
        return Standing.of(self.ticket)


def settle(
    session: Session, ticket: Ticket, before: Standing, reason: str, said: Message | None = None
) -> None:
    """Do what follows from the way a flushed ticket went since `before`."""
    settle_all(session, [Way(ticket, before, reason, said)])


def settle_all(session: Session, ways: Sequence[Way]) -> None:
    """Do what follows from the ways that flushed tickets went, for all of them together."""
    for way in ways:
        _keep_in_step(session, way)
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


def _keep_in_step(session: Session, way: Way) -> None:
    """Keep exactly one open assignment while the ticket is active and has an assignee, else none."""
    ticket, wanted = way.ticket, way.after.holder
    if wanted == way.before.holder:
        return
    if way.before.assignee_id is not None:
        _end(session, ticket)
    if wanted is not None:
        session.add(
            Assignment(
                ticket_id=ticket.id,
                employee_id=wanted,
                team_id=ticket.team_id,
                assigned_at=now(),
                assigned_by=act_of(session).actor.label,
                reason=way.reason,
            )
        )


def _end(session: Session, ticket: Ticket) -> None:
    still_open = select(Assignment).where(
        Assignment.ticket_id == ticket.id, Assignment.unassigned_at.is_(None)
    )
    for assignment in session.scalars(still_open):
        assignment.unassigned_at = now()
