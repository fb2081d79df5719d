"""Relation ids that are written must lead to rows which exist and which the writer may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor
from app.core.errors import FieldError
from app.fields import FieldSet, Kind
from app.fields.refusal import error
from app.services.asking.references import leads


def missing(session: Session, actor: Actor, fields: FieldSet, typed: Mapping[str, Any]) -> list[FieldError]:
    """Return an error for each reference among `typed` that leads nowhere the actor may go."""
    return [
        error(name, "not_a_reference")
        for name, value in typed.items()
        if value is not None
        and fields[name].kind is Kind.REFERENCE
        and not leads(session, actor, fields[name], value)
    ]
