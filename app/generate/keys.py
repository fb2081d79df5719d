"""The key of a row: its column, what it is, and the row that an address names."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, inspect, literal


def key_of(model: Any) -> Any:
    """Return the column that is the key."""
    return getattr(model, inspect(model).primary_key[0].key) if not hasattr(model, "id") else model.id


def identity(row: Any) -> int:
    """Return the key of a row."""
    return int(inspect(row).identity[0])


def keyed(model: Any, key: Any) -> ColumnElement[bool] | None:
    """Return the criterion of the row of `key`, or None if no row can have it.

    Compared with 64 bits: to a smaller key a larger number would be an error of the database, not a no.
    """
    text = str(key)
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        return None
    mine: ColumnElement[bool] = key_of(model) == literal(int(text), BigInteger)
    return mine
