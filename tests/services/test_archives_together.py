"""Many tickets archived and restored together: told as one by one, all or none, as few statements as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.errors import Conflict
from app.models.audit import AuditLog
from app.models.tickets import Status, Ticket, TicketChange
from app.models.webhooks import Event
from app.services import archives, messages, tickets
from app.services.archives.proof import content_of
from app.services.archives.snapshot import PARTS, read

TOUCHED = (
    "tickets",
    *(table.name for table in PARTS.values()),
    "storage_archives",
    "audit_logs",
    "outbox_events",
)


def ended(desk: Any, count: int) -> list[Ticket]:
    """Make resolved tickets with a conversation."""
    made = [desk.ticket(title=f"Broken {number}", description="**All** of it") for number in range(count)]
    for ticket in made:
        messages.reply(desk.session, SYSTEM, ticket, f"Try this, {ticket.id}.")
        tickets.resolve(desk.session, SYSTEM, ticket)
    return made


def told(session: Session, ticket: Ticket) -> list[Any]:
    """Return what history, audit and events say of a ticket, in their order, without numbers and moments."""
    changes = select(TicketChange).where(TicketChange.ticket_id == ticket.id).order_by(TicketChange.id)
    about = (AuditLog.object_table == "tickets", AuditLog.object_id == ticket.id)
    events = (Event.object_table == "tickets", Event.object_id == ticket.id)
    return [
        *((one.changed_by, one.source, sorted(one.changes)) for one in session.scalars(changes)),
        *(
            (one.action_type, one.performed_by, sorted(one.action_details))
            for one in session.scalars(select(AuditLog).where(*about).order_by(AuditLog.id))
        ),
        *(
            (one.event_type, sorted(one.payload), sorted(one.payload["object"]))
            for one in session.scalars(select(Event).where(*events).order_by(Event.id))
        ),
    ]


def test_together_is_told_as_one_by_one(session: Session, desk: Any) -> None:
    alone, *others = ended(desk, 3)
    archives.restore(session, SYSTEM, archives.take(session, SYSTEM, alone, "test"))
    archives.restore_all(session, SYSTEM, archives.take_all(session, SYSTEM, others, "test"))
    assert [told(session, ticket) for ticket in others] == [told(session, alone)] * 2


def test_each_comes_back_as_it_was(session: Session, desk: Any) -> None:
    many = ended(desk, 3)
    keys = [ticket.id for ticket in many]
    before = read(session, keys)
    taken = archives.take_all(session, SYSTEM, many, "test")
    assert [one.ticket_id for one in taken] == keys
    assert len({content_of(one) for one in taken}) == 3
    assert archives.restore_all(session, SYSTEM, taken[::-1]) == many[::-1]
    after = read(session, keys)
    for key in keys:
        old = {row["id"] for row in before[key]["history"]}
        after[key]["history"] = [row for row in after[key]["history"] if row["id"] in old]
    assert after == before


@pytest.mark.parametrize("count", [2, 9])
def test_a_set_costs_as_many_statements_as_one(
    session: Session, desk: Any, statements: list[str], count: int
) -> None:
    alone, *others = ended(desk, 1 + count)
    one, many = (_asked(session, statements, some) for some in ([alone], others))
    assert one == many


def _asked(session: Session, statements: list[str], some: Sequence[Ticket]) -> Counter[str]:
    """Return which tables it asks and writes how often, there and back.

    Not those of the settings and definitions: they are looked at anew after a while, whatever is done.
    """
    del statements[:]
    archives.restore_all(session, SYSTEM, archives.take_all(session, SYSTEM, some, "test"))
    return Counter(name for one in statements for name in TOUCHED if name in one)


def test_one_that_refuses_keeps_all_where_they_are(session: Session, desk: Any) -> None:
    many = ended(desk, 3)
    many[1].status = Status.OPEN
    session.flush()
    before = [told(session, ticket) for ticket in many]
    with pytest.raises(Conflict), session.begin_nested():
        archives.take_all(session, SYSTEM, many, "test")
    taken = archives.take_all(session, SYSTEM, [many[0], many[2]], "test")
    archives.restore(session, SYSTEM, taken[0])
    with pytest.raises(Conflict), session.begin_nested():
        archives.restore_all(session, SYSTEM, taken)
    session.expire_all()
    assert told(session, many[1]) == before[1]
    assert (many[0].archived_at, many[2].archived_at) == (None, taken[1].archived_at)
