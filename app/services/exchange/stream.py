"""Rows for a file, straight from the database: values only, by a cursor of the server, in flat memory.

They come and are written column by column: what is the same for all values of one is then asked once for a
block of rows, and not for every cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Enum, Select, String, Text, cast, type_coerce
from sqlalchemy.orm import Session, aliased

from app.fields import CUSTOM, Field
from app.fields.stored import stored
from app.services.exchange.cells import LISTS, Column
from app.services.exchange.made import Made, Values

CHUNK = 500
"""Rows fetched at once."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows: how many, and their typed values, column by column."""

    count: int
    columns: Sequence[Values]

    def part(self, start: int, end: int) -> Rows:
        """Return the rows from one to before another."""
        return Rows(min(end, self.count) - start, [values[start:end] for values in self.columns])


def chunks(session: Session, model: Any, statement: Select[Any], columns: Sequence[Column]) -> Iterator[Rows]:
    """Yield the rows of `statement`, which selects `model`, as they were when it began, some at a time."""
    statement, wanted = _asking(model, statement, columns)
    names = [*wanted]
    takers = [_taker(column.field, names.index(_kept_in(column))) for column in columns]
    asked = statement.with_only_columns(*wanted.values(), maintain_column_froms=True)
    objects = Made(_object, {})
    for kept in _blocks(session, asked):
        if CUSTOM in wanted:
            place = names.index(CUSTOM)
            kept[place] = objects.of(kept[place])
        yield Rows(len(kept[0]), [take(kept) for take in takers])


def _blocks(session: Session, statement: Select[Any]) -> Iterator[list[Values]]:
    """Yield the columns of some rows at a time.

    The rows are taken as the driver gives them, and what SQLAlchemy makes of values is made of whole columns:
    its own rows would cost more than all the rest of an export.
    """
    connection = session.connection()
    result: Any = connection.execute(statement, execution_options={"yield_per": CHUNK})
    made = [
        one.type.dialect_impl(connection.dialect).result_processor(connection.dialect, described.type_code)
        for one, described in zip(statement.selected_columns, result.cursor.description, strict=True)
    ]
    while rows := result.cursor_strategy.fetchmany(result, result.cursor, CHUNK):
        columns = zip(*rows, strict=True)
        yield [
            values if make is None else list(map(make, values))
            for make, values in zip(made, columns, strict=True)
        ]


def _asking(
    model: Any, statement: Select[Any], columns: Sequence[Column]
) -> tuple[Select[Any], dict[str, ColumnElement[Any]]]:
    """Return the statement with what it must join, and what the file needs of it, each once by its name."""
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
    return statement, {name: one.label(f"c{place}") for place, (name, one) in enumerate(wanted.items())}


def _kept_in(column: Column) -> str:
    return column.name if column.field is None else column.field.column


def _as_kept(field: Field, column: Any) -> Any:
    """Return a column that gives the option of a closed list as the text it is kept as, and JSON as text.

    `orjson` knows no whole numbers of more than 64 bits: structured data, which may hold such, goes without.
    """
    if isinstance(column.type, Enum):
        return type_coerce(column, String)
    return cast(column, Text) if field.custom or field.kind in LISTS else column


def _taker(field: Field | None, place: int) -> Callable[[Sequence[Values]], Values]:
    """Return what takes the values of a field from what was fetched, where its column stands there."""
    read = _reader(field)
    if field is None or read is None:
        return itemgetter(place)
    make = Made(read).of
    if not field.custom:
        return lambda kept: make(kept[place])
    key = field.key
    return lambda kept: make([one.get(key) for one in kept[place]])


def _reader(field: Field | None) -> Callable[[Any], Any] | None:
    """Return what makes a value of a field of what its column holds, None where they are the same."""
    if field is None:
        return None
    if field.custom:
        return partial(stored, field.kind)
    if field.kind in LISTS:
        return lambda kept: field.told(orjson.loads(kept))
    return field.told if field.mask else None


def _object(kept: str) -> dict[str, Any]:
    return orjson.loads(kept) or {}
