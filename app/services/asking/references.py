"""References must lead to rows which exist and which the writer may see, whoever writes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, literal, select
from sqlalchemy.orm import Session

from app.access import Actor, visible
from app.core.errors import FieldError
from app.fields import Field, FieldSet, Kind
from app.fields.refusal import error
from app.models import by_table


def leads(session: Session, actor: Actor, field: Field, key: int) -> bool:
    """Tell whether `field` leads to a row with the number `key` that the actor may see."""
    if field.reference is None:
        return False
    model: Any = by_table(field.reference)
    mine = model.id == literal(key, BigInteger)  # a key may be smaller than the number asked for
    return session.scalar(select(model.id).where(mine, visible(actor, model))) is not None


def astray(
    session: Session, actor: Actor, fields: FieldSet, row: Any, names: Iterable[str]
) -> list[FieldError]:
    """Return an error for each custom reference among `names` that leads nowhere the actor may go."""
    chosen = [field for field in fields.pick(tuple(names)).custom if field.kind is Kind.REFERENCE]
    return [
        error(field.name, "not_a_reference")
        for field in chosen
        if (key := field.read(row)) is not None and not leads(session, actor, field, key)
    ]
