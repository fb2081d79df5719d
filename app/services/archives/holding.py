"""Rows held until the commit, and what a statement changed in them, told as a flush would tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.interfaces import ORMOption

from app.record import Change, Verb
from app.record.changes import plain


def held(session: Session, model: Any, keys: Sequence[int], *options: ORMOption) -> dict[int, Any]:
    """Return the rows there are by their numbers, read anew and whole, held against all other writers."""
    # A statement of its own: a list may have joined others, whose rows cannot all be locked, and may
    # have read the title only. In one order, so that two who want the same rows wait, and never for ever.
    anew = select(model).where(model.id.in_(keys)).order_by(model.id).with_for_update().options(*options)
    found = session.scalars(anew, execution_options={"populate_existing": True})
    return {row.id: row for row in found}


def changed(rows: Mapping[int, Any], name: str, before: Mapping[int, Any]) -> list[Change]:
    """Return that the column `name` of each row had the value `before` gives for its number, or none."""
    return [
        Change(row, Verb.UPDATE, {name: plain(before.get(key))}, {name: plain(getattr(row, name))})
        for key, row in rows.items()
    ]
