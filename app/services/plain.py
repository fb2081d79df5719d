"""The plain save: enough for a thing whose rules are all in its fields."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.declare import Can
from app.fields import CUSTOM
from app.record import expect, flush


def add(session: Session, actor: Actor, model: Any, values: dict[str, Any]) -> Any:
    """Add a row."""
    require(actor, Can.ADD, model)
    row = model()
    fill(row, values)
    session.add(row)
    flush(session)
    return row


def edit(
    session: Session, actor: Actor, row: Any, values: dict[str, Any], expected: int | None = None
) -> Any:
    """Change a row that is still as the actor saw it."""
    require(actor, Can.EDIT, row)
    expect(row, expected)
    fill(row, values)
    require(actor, Can.READ, row)
    flush(session)
    return row


def delete(session: Session, actor: Actor, row: Any, expected: int | None = None) -> None:
    """Delete a row that is still as the actor saw it."""
    require(actor, Can.DELETE, row)
    expect(row, expected)
    session.delete(row)
    flush(session)


def fill(row: Any, values: dict[str, Any]) -> None:
    """Set typed values; members of `custom_fields` are merged, null empties one."""
    for name, value in values.items():
        setattr(row, name, _merged(row.custom_fields, value) if name == CUSTOM else value)


def _merged(kept: dict[str, Any] | None, given: dict[str, Any] | None) -> dict[str, Any]:
    merged = {**(kept or {}), **(given or {})}
    return {key: member for key, member in merged.items() if member is not None}
