"""The plain save: enough for a thing whose rules are all in its fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.declare import Can
from app.core.errors import each
from app.record import expect, flush
from app.services.asking import demand, fill


def add(session: Session, actor: Actor, model: Any, values: dict[str, Any]) -> Any:
    """Add a row."""
    return add_all(session, actor, model, [values])[0]


def add_all(session: Session, actor: Actor, model: Any, many: Sequence[dict[str, Any]]) -> list[Any]:
    """Add rows together, all or none."""
    require(actor, Can.ADD, model)
    rows = each(many, lambda values: _new(session, model, values))
    session.add_all(rows)
    flush(session)
    return rows


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


def _new(session: Session, model: Any, values: dict[str, Any]) -> Any:
    row = model()
    fill(session, row, values)
    demand(session, row)
    return row
