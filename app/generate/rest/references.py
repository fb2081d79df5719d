"""Relation ids that are written must lead to rows which exist and which the writer may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, visible
from app.core.errors import FieldError
from app.fields import Field, FieldSet, Kind
from app.fields.refusal import error
from app.generate.listing import keyed
from app.models import by_table


def missing(session: Session, actor: Actor, fields: FieldSet, typed: Mapping[str, Any]) -> list[FieldError]:
    """Return an error for each reference among `typed` that leads nowhere the actor may go."""
    return [
        error(name, "not_a_reference")
        for name, value in typed.items()
        if value is not None
        and fields[name].kind is Kind.REFERENCE
        and not _leads(session, actor, fields[name], value)
    ]


def _leads(session: Session, actor: Actor, field: Field, key: int) -> bool:
    if field.reference is None:
        return False
    model: Any = by_table(field.reference)
    mine = keyed(model, key)
    if mine is None:
        return False
    return session.scalar(select(model.id).where(mine, visible(actor, model))) is not None
