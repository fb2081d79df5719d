"""How custom values are read back from JSONB, in memory and in SQL, with one meaning.

A value of another JSON type than its kind's (left from an older definition) reads as no value. Days and
moments are kept as ISO texts of fixed width, compared as texts byte by byte, which orders them rightly and
can never fail in SQL as a cast would.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Numeric, String, case, cast, func, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from app.fields.kinds import LISTS, NUMBERS, Kind

DAY = "^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$"
MOMENT = r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$"


def iso_moment(value: dt.datetime) -> str:
    """Return RFC 3339 in UTC with six decimals always, so that texts order as moments do."""
    return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class IsoDay(TypeDecorator[dt.date]):
    """A day kept as an ISO text."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: dt.date | None, _dialect: Dialect) -> str | None:
        """Write the text."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any, _dialect: Dialect) -> dt.date | None:
        """Read the text."""
        return _day(value)


class IsoMoment(TypeDecorator[dt.datetime]):
    """A moment kept as an RFC 3339 text in UTC with six decimals."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, _dialect: Dialect) -> str | None:
        """Write the text."""
        return None if value is None else iso_moment(value)

    def process_result_value(self, value: Any, _dialect: Dialect) -> dt.datetime | None:
        """Read the text."""
        return _moment(value)


def stored(kind: Kind, value: Any) -> Any:
    """Return the typed value of what JSON keeps, None if it is none of this kind."""
    reader: Callable[[Any], Any] = _READERS.get(kind, _text)
    return reader(value)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _list(value: Any) -> tuple[str, ...] | None:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else None


def _number(value: Any) -> Decimal | int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if isinstance(value, int) else Decimal(str(value))


def _any(value: Any) -> Any:
    return value


def _boolean(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) and re.search(DAY, value) else None
    except ValueError:
        return None


def _moment(value: Any) -> dt.datetime | None:
    try:
        return (
            dt.datetime.fromisoformat(value) if isinstance(value, str) and re.search(MOMENT, value) else None
        )
    except ValueError:
        return None


_READERS: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _day,
    Kind.DATETIME: _moment,
    **dict.fromkeys(LISTS, _list),
    **dict.fromkeys(NUMBERS, _number),
    Kind.JSON: _any,
}


def expression(kind: Kind, value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the JSONB member `value` as SQL of the kind's type, NULL where it is none of it."""
    text = value.astext
    if kind in LISTS:
        return _only(value, "array", type_coerce(value, JSONB))
    if kind in NUMBERS:
        return _only(value, "number", cast(text, Numeric))
    if kind is Kind.BOOLEAN:
        return _only(value, "boolean", cast(text, Boolean))
    if kind is Kind.DATE:
        return type_coerce(_iso(text, DAY), IsoDay)
    if kind is Kind.DATETIME:
        return type_coerce(_iso(text, MOMENT), IsoMoment)
    return value if kind is Kind.JSON else _only(value, "string", text)


def _only(value: ColumnElement[Any], kind: str, then: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((func.jsonb_typeof(value) == kind, then))


def _iso(text: ColumnElement[Any], form: str) -> ColumnElement[Any]:
    return case((text.regexp_match(form), text.collate("C")))
