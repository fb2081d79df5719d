"""Many rows that are not read back, by one COPY a table: what comes as JSON, PostgreSQL reads twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import JSON, DateTime, Table
from sqlalchemy.orm import Session

from app.core.jsons import as_json, iso_moments
from app.models.base import Declared
from app.models.effects import Effect
from app.record.numbers import drawn

MANY = 50
"""So many rows of a kind are written faster so."""


def copy(
    session: Session, model: type[Declared], names: tuple[str, ...], rows: Sequence[dict[str, Any]]
) -> Sequence[int]:
    """Add rows of `model`, which all name these columns; return their numbers if they are effects."""
    table = model.__table__
    numbers = drawn(session, table, len(rows)) if issubclass(model, Effect) else ()
    columns = {name: _writer(table, name)([row[name] for row in rows]) for name in names}
    if numbers:
        columns["id"] = numbers
    given = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    session.connection().exec_driver_sql(_insert(table, tuple(columns)), given)
    return numbers


@cache
def _insert(table: Table, names: tuple[str, ...]) -> str:
    """Return an INSERT of values and nothing else, which travels as a COPY (`app.core.copied`)."""
    columns, values = ", ".join(names), ", ".join(f"%({name})s" for name in names)
    return f"INSERT INTO {table.name} ({columns}) VALUES ({values})"  # noqa: S608  names of our own


@cache
def _writer(table: Table, name: str) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Return what makes of the values of a column what the driver writes as it is."""
    match table.c[name].type:
        case JSON():
            return lambda values: [None if value is None else as_json(value) for value in values]
        case DateTime():
            return iso_moments
    return lambda values: values
