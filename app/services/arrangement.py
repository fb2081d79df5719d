"""How a person likes a list: its columns, the view it opens with. Kept with the person, read anyway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, literal, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.access import Actor
from app.models.people import Employee

LISTS = "lists"
"""The member of the preferences that holds it, by table: `{"columns": […], "view": 3}`."""


def of(preferences: Mapping[str, Any], table: str) -> Mapping[str, Any]:
    """Return what a person chose for the list of a table; empty if nothing."""
    kept: Mapping[str, Any] = (preferences.get(LISTS) or {}).get(table) or {}
    return kept


def arrange(session: Session, actor: Actor, table: str, **chosen: Any) -> None:
    """Keep `columns` (names) or `view` (a number) for a list of `actor`; None takes a choice back."""
    employees = Employee.__table__
    kept = employees.c.preferences
    lists = func.coalesce(kept[LISTS], literal({}, JSONB))
    one = func.coalesce(kept[LISTS][table], literal({}, JSONB))
    chosen_one = func.jsonb_strip_nulls(one.op("||")(literal(chosen, JSONB)))
    anew = lists.op("||")(func.jsonb_build_object(table, chosen_one))
    # Below the write path: how a list is looked at is no change of the person that anybody must be told of.
    changed = (
        update(employees)
        .where(employees.c.id == actor.id)
        .values(
            preferences=kept.op("||")(func.jsonb_build_object(LISTS, anew)),
            updated_at=employees.c.updated_at,
        )
    )
    session.connection().execute(changed)
