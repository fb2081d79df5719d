"""A ticket that a list read together with its relations is archived and restored like any other."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import SYSTEM
from app.models.archives import Archive
from app.models.tickets import Ticket
from app.services import archives, tickets


def test_rows_read_with_joins_can_be_locked(desk: Any) -> None:
    session = desk.session
    number = tickets.resolve(session, SYSTEM, desk.ticket(title="Broken")).id
    session.expunge_all()
    shown = (
        select(Ticket)
        .where(Ticket.id == number)
        .options(joinedload(Ticket.team), joinedload(Ticket.assignee))
    )
    archives.take(session, SYSTEM, session.scalars(shown).one(), "done")
    session.expunge_all()
    listed = select(Archive).where(Archive.ticket_id == number).options(joinedload(Archive.ticket))
    restored = archives.restore(session, SYSTEM, session.scalars(listed).one())
    assert (restored.id, restored.archived_at) == (number, None)
