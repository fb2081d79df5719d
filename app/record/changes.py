"""What a flush is about to change, read from the session before it forgets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app.models.base import Declared

QUIET = {"version", "updated_at", "created_at", "search", "last_activity_at"}
"""Columns whose change says nothing to a person."""


class Verb(StrEnum):
    """What happens to a row."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True)
class Change:
    """One row and what becomes of it; `before` and `after` hold the changed columns as JSON."""

    row: Any
    verb: Verb
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def noun(self) -> str:
        """Return the word of this row in event and audit names: `TEAM`."""
        return noun_of(type(self.row))


def noun_of(model: type[Declared]) -> str:
    """Return the word of a class in event and audit names: `ROUTING_RULE` for RoutingRule."""
    if model.resource.noun:
        return model.resource.noun
    name = model.__name__
    return "".join(
        f"_{letter}" if letter.isupper() and place else letter for place, letter in enumerate(name)
    ).upper()


def pending(session: Session) -> list[Change]:
    """Return what the flush at hand changes in declared rows."""
    changes = [Change(row, Verb.CREATE, {}, _values(row)) for row in session.new if isinstance(row, Declared)]
    changed = (row for row in session.dirty if isinstance(row, Declared) and session.is_modified(row))
    changes += [_update(row) for row in changed]
    changes += [
        Change(row, Verb.DELETE, _values(row), {}) for row in session.deleted if isinstance(row, Declared)
    ]
    return changes


def _update(row: Any) -> Change:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name in _columns(row):
        history = inspect(row).attrs[name].history
        if history.has_changes():
            before[name] = plain(history.deleted[0] if history.deleted else None)
            after[name] = plain(history.added[0] if history.added else None)
    return Change(row, Verb.UPDATE, before, after)


def _values(row: Any) -> dict[str, Any]:
    loaded = inspect(row).dict
    return {name: plain(loaded[name]) for name in _columns(row) if loaded.get(name) is not None}


def _columns(row: Any) -> list[str]:
    names: list[str] = _COLUMNS.get(type(row)) or _COLUMNS.setdefault(
        type(row),
        [attribute.key for attribute in inspect(type(row)).column_attrs if attribute.key not in QUIET],
    )
    return names


_COLUMNS: dict[type, list[str]] = {}
_JSON = frozenset({str, int, float, bool, dict, list, type(None)})
"""What most values are, and JSON holds as they are."""


def plain(value: Any) -> Any:
    """Return `value` as JSON can hold it."""
    if type(value) in _JSON:
        return value
    match value:
        case Enum():
            return value.value
        case dt.datetime() | dt.date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case bytes():
            return None
    return value
