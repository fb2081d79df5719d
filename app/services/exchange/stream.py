"""Rows for a file, straight from the database: values only, by a cursor of the server, in flat memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session, aliased

from app.fields import CUSTOM, Field
from app.fields.stored import stored
from app.services.exchange.cells import Column

CHUNK = 2000
"""Rows fetched at once."""

Values = list[Any]
"""The typed values of one row, in the order of the columns."""


def chunks(
    session: Session, model: Any, statement: Select[Any], columns: Sequence[Column]
) -> Iterator[list[Values]]:
    """Yield the rows of `statement`, which selects `model`, as they were when it began, some at a time."""
    asked = _asking(model, statement, columns)
    getters = [_getter(place, column.field) for place, column in enumerate(columns)]
    rows = session.execute(asked, execution_options={"yield_per": CHUNK})
    for some in rows.partitions():
        yield [[get(row) for get in getters] for row in some]


def _asking(model: Any, statement: Select[Any], columns: Sequence[Column]) -> Select[Any]:
    """Return the statement with one column for each of the file, and a join for each relation named."""
    joined: dict[str, Any] = {}
    wanted = []
    for column in columns:
        relation, _, attribute = column.name.partition(".")
        if column.field is not None:
            wanted.append(getattr(model, CUSTOM if column.field.custom else column.name))
            continue
        if relation not in joined:
            linked = getattr(model, relation)
            joined[relation] = aliased(linked.property.mapper.class_)
            statement = statement.outerjoin(linked.of_type(joined[relation]))
        wanted.append(getattr(joined[relation], attribute))
    labelled = [one.label(f"c{place}") for place, one in enumerate(wanted)]
    return statement.with_only_columns(*labelled, maintain_column_froms=True)


def _getter(place: int, field: Field | None) -> Callable[[Any], Any]:
    if field is None or not (field.custom or field.mask):
        return lambda row: row[place]
    if not field.custom:
        return lambda row: field.told(row[place])
    kind, key = field.kind, field.key
    return lambda row: stored(kind, (row[place] or {}).get(key))
