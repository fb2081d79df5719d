"""Rows for a file, straight from the database: values only, by a cursor of the server, in flat memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import Dialect, Enum, Select, String, Text, TypeDecorator, cast, type_coerce
from sqlalchemy.orm import Session, aliased

from app.fields import Field
from app.fields.stored import stored
from app.services.exchange.cells import LISTS, Column

CHUNK = 2000
"""Rows fetched at once."""

Values = list[Any]
"""The typed values of one row, in the order of the columns."""


def chunks(
    session: Session, model: Any, statement: Select[Any], columns: Sequence[Column]
) -> Iterator[list[Values]]:
    """Yield the rows of `statement`, which selects `model`, as they were when it began, some at a time."""
    asked, places = _asking(model, statement, columns)
    made = [(place, make) for place, column in enumerate(columns) if (make := _maker(column.field))]
    rows = session.execute(asked, execution_options={"yield_per": CHUNK})
    for some in rows.partitions():
        yield [_values(row, places, made) for row in some]


def _values(row: Sequence[Any], places: list[int], made: list[tuple[int, Callable[[Any], Any]]]) -> Values:
    values = [row[place] for place in places]
    for place, make in made:
        values[place] = make(values[place])
    return values


def _asking(model: Any, statement: Select[Any], columns: Sequence[Column]) -> tuple[Select[Any], list[int]]:
    """Return the statement with what the file needs, each once, and where in it each column stands."""
    joined: dict[str, Any] = {}
    wanted: dict[str, Any] = {}
    for column in columns:
        relation, _, attribute = column.name.partition(".")
        if column.field is not None:
            wanted[column.field.column] = _as_kept(column.field, getattr(model, column.field.column))
            continue
        if relation not in joined:
            linked = getattr(model, relation)
            joined[relation] = aliased(linked.property.mapper.class_)
            statement = statement.outerjoin(linked.of_type(joined[relation]))
        wanted[column.name] = getattr(joined[relation], attribute)
    labelled = [one.label(f"c{place}") for place, one in enumerate(wanted.values())]
    order = {name: place for place, name in enumerate(wanted)}
    places = [order[one.name if one.field is None else one.field.column] for one in columns]
    return statement.with_only_columns(*labelled, maintain_column_froms=True), places


def _as_kept(field: Field, column: Any) -> Any:
    """Return a column that gives the option of a closed list as the text it is kept as, and JSON fast.

    `orjson` knows no whole numbers of more than 64 bits: structured data, which may hold such, goes without.
    """
    if isinstance(column.type, Enum):
        return type_coerce(column, String)
    if field.custom or field.kind in LISTS:
        return type_coerce(cast(column, Text), _Json())
    return column


class _Json(TypeDecorator[Any]):
    """JSON that comes as text."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002  its name
        """Read it."""
        return None if value is None else orjson.loads(value)


def _maker(field: Field | None) -> Callable[[Any], Any] | None:
    """Return what makes a value of a field of what its column holds, None where they are the same."""
    if field is None or not (field.custom or field.mask):
        return None
    if not field.custom:
        return field.told
    kind, key = field.kind, field.key
    return lambda kept: stored(kind, (kept or {}).get(key))
