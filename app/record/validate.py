"""The last line of defence: whoever set a value, the fields have the last word before the flush."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from app.fields import CUSTOM, deprecated_errors, fields_of, row_errors


def check(session: Session, row: Any) -> None:
    """Raise Invalid if a value that this flush would write is not allowed by its field."""
    state = inspect(row)
    if state.mapper.class_.resource.form or state.mapper.class_.resource.api:
        names = _changed(state)
        if names:
            fields = fields_of(session, state.mapper.class_)
            errors = row_errors(fields, row, _with_custom(fields, state, names))
            if fields.narrowed:
                errors += deprecated_errors(fields, row, _before(state, fields))
            if errors:
                raise Invalid(errors)


def _changed(state: Any) -> list[str]:
    names, known = _columns(state.mapper), state.dict
    if state.persistent:
        return [name for name in names if state.attrs[name].history.has_changes()]
    return [name for name in names if name in known]


@cache
def _columns(mapper: Any) -> tuple[str, ...]:
    return tuple(attribute.key for attribute in mapper.column_attrs)


def _before(state: Any, fields: Any) -> dict[str, Any]:
    """Return what a row had in the columns of which some options only stay; a new one had nothing."""
    if not state.persistent:
        return {}
    found = {}
    for name in {field.column for field in fields.narrowed}:
        history = state.attrs[name].load_history()
        found[name] = next(iter(history.deleted or history.unchanged or ()), None)
    return found


def _with_custom(fields: Any, state: Any, names: list[str]) -> tuple[str, ...]:
    """Return the names with those of the custom values that change: a removed option blocks no other edit."""
    if CUSTOM not in names:
        return tuple(names)
    after = state.dict[CUSTOM] or {}
    kept = state.attrs[CUSTOM].history.deleted if state.persistent else ()
    before = next(iter(kept or ()), None) or {}
    return (*names, *(field.name for field in fields.custom if before.get(field.key) != after.get(field.key)))
