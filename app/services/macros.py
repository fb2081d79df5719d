"""Macros: texts with placeholders. One that nobody knows is refused when saved, so it is never sent."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.declare import Can
from app.models.macros import Macro
from app.models.people import Employee
from app.models.tickets import Ticket
from app.record import expect, flush
from app.services import placeholders, plain
from app.services.asking import fill


def add(session: Session, actor: Actor, values: dict[str, Any]) -> Macro:
    """Add a macro; it is the actor's own. Raises NotFound, Invalid."""
    require(actor, Can.ADD, Macro)
    placeholders.check(session, "content", values.get("content") or "")
    macro = Macro(owner_id=actor.id if actor.is_employee else None)
    fill(session, macro, values)
    session.add(macro)
    flush(session)
    return macro


def edit(
    session: Session, actor: Actor, macro: Macro, values: dict[str, Any], expected: int | None = None
) -> Macro:
    """Change a macro. Raises NotFound, Stale, Invalid."""
    require(actor, Can.EDIT, macro)
    expect(macro, expected)
    placeholders.check(session, "content", values.get("content") or "")
    fill(session, macro, values)
    flush(session)
    return macro


def delete(session: Session, actor: Actor, macro: Macro, expected: int | None = None) -> None:
    """Delete a macro."""
    plain.delete(session, actor, macro, expected)


def use(session: Session, actor: Actor, macro: Macro, ticket: Ticket, agent: Employee | None) -> str:
    """Return the text for `ticket`, and count that it was used. Raises NotFound."""
    require(actor, Can.READ, macro)
    table = Macro.__table__
    # Below the write path: a count is no change that anybody must be told of.
    counted = (
        update(table)
        .where(table.c.id == macro.id)
        .values(usage_count=table.c.usage_count + 1, updated_at=table.c.updated_at)
    )
    session.connection().execute(counted)
    return placeholders.fill_in(session, macro.content, ticket, agent)
