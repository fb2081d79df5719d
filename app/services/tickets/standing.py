"""Where a ticket stands, and what follows when that changes: assignment rows, events, mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.messages import Message
from app.models.tickets import ACTIVE, Assignment, Status, Ticket
from app.models.tokens import Purpose
from app.record import act_of, emit, flush
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


NOWHERE = Standing()
"""Where a ticket stood before it was written."""


def settle(
    session: Session, ticket: Ticket, before: Standing, reason: str, said: Message | None = None
) -> None:
    """Do what follows from the way a flushed ticket went since `before`.

    `reason` goes to the assignment; `said` is the reply that came with it, which the mail then repeats.
    """
    _keep_in_step(session, ticket, before, reason)
    if Standing.of(ticket).place != before.place:
        emit(session, "TICKET_ASSIGNED", ticket, {"reason": reason})
    if ticket.status is Status.RESOLVED and before.status is not Status.RESOLVED:
        emit(session, "TICKET_RESOLVED", ticket)
        rate = links.make(session, Purpose.RATE, "ticket", ticket.id)
        mails.tell(session, "resolved", ticket, message=said, rate=rate)
    if ticket.status in ACTIVE and before.status in ENDED:
        emit(session, "TICKET_REOPENED", ticket)
    flush(session)


def _keep_in_step(session: Session, ticket: Ticket, before: Standing, reason: str) -> None:
    """Keep exactly one open assignment while the ticket is active and has an assignee, else none."""
    wanted = _holder(ticket.status, ticket.assignee_id)
    if wanted == _holder(before.status, before.assignee_id):
        return
    if before.assignee_id is not None:
        _end(session, ticket)
    if wanted is not None:
        session.add(
            Assignment(
                ticket_id=ticket.id,
                employee_id=wanted,
                team_id=ticket.team_id,
                assigned_at=now(),
                assigned_by=act_of(session).actor.label,
                reason=reason,
            )
        )


def _holder(status: Status | None, assignee_id: int | None) -> int | None:
    return assignee_id if status in ACTIVE else None


def _end(session: Session, ticket: Ticket) -> None:
    still_open = select(Assignment).where(
        Assignment.ticket_id == ticket.id, Assignment.unassigned_at.is_(None)
    )
    for assignment in session.scalars(still_open):
        assignment.unassigned_at = now()
