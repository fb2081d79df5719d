"""Which orders the rows of a table stand in, in one of its indexes."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import DateTime, Index, UniqueConstraint, inspect


@cache
def follows_index(model: Any, order: str) -> bool:
    """Tell whether rows in this order (a column, perhaps after a minus) are read from an index as they stand.

    That takes an index of the column and the key behind it, or one whose values are hardly ever the same.
    Empty values stand last, which no index gives from the greatest down.
    """
    name, table = order.lstrip("-"), model.__table__
    if name == inspect(model).primary_key[0].key:
        return True
    column = table.c.get(name)
    if column is None or (column.nullable and order.startswith("-")):
        return False
    return any(
        led[0] == name and (is_unique or led[1:2] == ["id"] or isinstance(column.type, DateTime))
        for led, is_unique in _indexes(table)
    )


def _indexes(table: Any) -> list[tuple[list[str], bool]]:
    """Return the columns of each index of all rows, and whether it is unique."""
    found = [
        ([_name(part) for part in index.expressions], bool(index.unique) and len(index.expressions) == 1)
        for index in table.indexes
        if _is_whole(index)
    ]
    unique = (one for one in table.constraints if isinstance(one, UniqueConstraint))
    return found + [([column.name for column in one.columns], len(one.columns) == 1) for one in unique]


def _is_whole(index: Index) -> bool:
    options: Any = index.dialect_options["postgresql"]
    return options["where"] is None and options["using"] in {False, "btree"}


def _name(part: Any) -> str:
    return str(getattr(part, "name", None) or part).split(" ", 1)[0]
