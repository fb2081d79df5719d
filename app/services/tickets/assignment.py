"""Who has a ticket: its team and its assignee."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.declare import Can
from app.core.errors import Invalid
from app.core.i18n import _
from app.models.people import Employee
from app.models.teams import Team
from app.models.tickets import Ticket
from app.record import expect, flush
from app.services.tickets.live import require_live
from app.services.tickets.standing import Standing, settle


class Keep(Enum):
    """Says that a value stays as it is, where None would empty it."""

    KEEP = "keep"


KEEP = Keep.KEEP


def assign(  # noqa: PLR0913  what is given and why, by name
    session: Session,
    actor: Actor,
    ticket: Ticket,
    employee_id: int | None,
    *,
    team_id: int | Keep | None = KEEP,
    reason: str = "manual",
    expected: int | None = None,
) -> Ticket:
    """Give the ticket to an employee, or to nobody; with `team_id` also to a team.

    Raises NotFound, Stale, Conflict if it is archived, Invalid if employee or team is gone.
    """
    require(actor, Can.EDIT, ticket)
    require_live(ticket)
    expect(ticket, expected)
    before = Standing.of(ticket)
    place(session, ticket, {"assignee_id": employee_id, "team_id": team_id})
    flush(session)
    settle(session, ticket, before, reason)
    return ticket


def place(session: Session, ticket: Ticket, values: dict[str, Any]) -> None:
    """Set `team_id` and `assignee_id` where given, without flushing. Raises Invalid."""
    for name, model, gone in PLACES:
        wanted = values.get(name, KEEP)
        if wanted is KEEP or wanted == getattr(ticket, name):
            continue
        if wanted is not None and not _takes_work(session.get(model, wanted)):
            raise Invalid.one(name, "not_a_reference", gone)
        setattr(ticket, name, wanted)


def places(session: Session, many: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return the teams and employees that values name: `place` finds them in the session while they are held.

    A statement for each of the two, none for one ticket.
    """
    held: list[Any] = []
    for name, model, _gone in PLACES if len(many) > 1 else ():
        keys = {key for values in many if (key := values.get(name)) is not None}
        held += session.scalars(select(model).where(model.id.in_(keys))) if keys else ()
    return held


def _takes_work(row: Any) -> bool:
    return row is not None and bool(row.active if isinstance(row, Employee) else row.is_active)


PLACES: tuple[tuple[str, type[Any], Any], ...] = (
    ("team_id", Team, _("Choose an active team.")),
    ("assignee_id", Employee, _("Choose an active employee.")),
)
