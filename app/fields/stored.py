"""How custom values are read back from JSONB, in memory and in SQL, with one meaning.

A value that is none of its kind (left from an older definition) reads as no value. Days and moments are kept
as ISO texts; what is no real day is told by their form, so that no cast can ever fail in SQL.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Date, DateTime, Numeric, case, cast, func, type_coerce
from sqlalchemy.dialects.postgresql import JSONB

from app.fields.kinds import LISTS, NUMBERS, Kind

_MONTHS = (
    "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8])"
)
_LEAP_DAY = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29"
_DAY = f"(?=[1-9])([0-9]{{4}}-({_MONTHS})|{_LEAP_DAY})"
DAY = f"^{_DAY}$"
"""A real day of the years 1000 to 9999, in the regular expressions of Python and PostgreSQL alike."""
MOMENT = rf"^{_DAY}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{{6}}Z$"
"""A moment in UTC, the same."""


def iso_moment(value: dt.datetime) -> str:
    """Return RFC 3339 in UTC with six decimals always, so that texts order as moments do."""
    return f"{value.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


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


def _any_value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _boolean(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _day(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) and re.search(DAY, value) else None


def _moment(value: Any) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value) if isinstance(value, str) and re.search(MOMENT, value) else None


_READERS: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _day,
    Kind.DATETIME: _moment,
    **dict.fromkeys(LISTS, _list),
    **dict.fromkeys(NUMBERS, _number),
    Kind.JSON: _any,
    Kind.VALUE: _any_value,
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
        return case((text.regexp_match(DAY), cast(text, Date)))
    if kind is Kind.DATETIME:
        return case((text.regexp_match(MOMENT), cast(text, DateTime(timezone=True))))
    return value if kind is Kind.JSON else _only(value, "string", text)


def _only(value: ColumnElement[Any], kind: str, then: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((func.jsonb_typeof(value) == kind, then))
