"""The plain save: enough for a thing whose rules are all in its fields."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.declare import Can
from app.record import expect, flush
from app.services.asking import demand, fill


def add(session: Session, actor: Actor, model: Any, values: dict[str, Any]) -> Any:
    """Add a row."""
    require(actor, Can.ADD, model)
    row = model()
    fill(session, row, values)
    demand(session, row)
    session.add(row)
    flush(session)
    return row


def edit(
    session: Session, actor: Actor, row: Any, values: dict[str, Any], expected: int | None = None
) -> Any:
    """Change a row that is still as the actor saw it."""
    require(actor, Can.EDIT, row)
    expect(row, expected)
    fill(session, row, values)
    flush(session)
    return row


def delete(session: Session, actor: Actor, row: Any, expected: int | None = None) -> None:
    """Delete a row that is still as the actor saw it."""
    require(actor, Can.DELETE, row)
    expect(row, expected)
    session.delete(row)
    flush(session)
