"""How custom values are read back from JSON, with the meaning that `stored_sql` has in SQL.

A value of another form (left from an older definition) reads as what it means in this one: the text "5" as a
number, one option as a list of one. So a change of type shows and loses nothing while a job rewrites values;
only where days begin is told in UTC until then. What means nothing here reads as no value, and numbers are
never taken for references. Days and moments are kept as ISO texts; what is no real day is told by their
form, so that no cast can ever fail in SQL.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from app.fields.kinds import LISTS, Kind
from app.fields.parse.numbers import FALSE, TRUE

_MONTHS = (
    "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8])"
)
_LEAP_DAY = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29"
_DAY = f"(?=[1-9])([0-9]{{4}}-({_MONTHS})|{_LEAP_DAY})"
DAY = f"^{_DAY}$"
"""A real day of the years 1000 to 9999, in the regular expressions of Python and PostgreSQL alike."""
MOMENT = rf"^{_DAY}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{{6}}Z$"
"""A moment in UTC, the same."""
NUMBER = "^[+-]?[0-9]{1,15}([.][0-9]{1,15})?$"
"""A number written as text, the same."""
ISO_DAY = len("2026-03-31")
"""Characters of a day, which begin a moment too."""
YES, NO = "yes", "no"
"""What yes and no read as in a text."""


def iso_moment(value: dt.datetime) -> str:
    """Return RFC 3339 in UTC with six decimals always, so that texts order as moments do."""
    return f"{value.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def stored(kind: Kind, value: Any) -> Any:
    """Return the typed value of what JSON keeps, None if it means nothing in this kind."""
    reader: Callable[[Any], Any] = _READERS.get(kind, _text)
    return reader(value)


def _text(value: Any) -> str | None:
    match value:
        case str():
            return value
        case bool():
            return YES if value else NO
        case int() | float():
            return format(Decimal(str(value)), "f")
        case list():
            return ", ".join(item for item in value if isinstance(item, str)) or None
    return None


def _list(value: Any) -> tuple[str, ...] | None:
    if isinstance(value, list):
        return tuple(item for item in value if isinstance(item, str))
    text = _text(value)
    return (text,) if text else None


def _number(value: Any) -> Decimal | int | None:
    if isinstance(value, str) and re.fullmatch(NUMBER, value):
        return Decimal(value) if "." in value else int(value)
    return _key(value)


def _key(value: Any) -> Decimal | int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if isinstance(value, int) else Decimal(str(value))


def _any(value: Any) -> Any:
    return value


def _any_value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _boolean(value: Any) -> bool | None:
    if isinstance(value, str):
        return {**dict.fromkeys(TRUE, True), **dict.fromkeys(FALSE, False)}.get(value.lower())
    return value if isinstance(value, bool) else None


def _day(value: Any) -> dt.date | None:
    if isinstance(value, str) and (re.fullmatch(DAY, value) or re.fullmatch(MOMENT, value)):
        return dt.date.fromisoformat(value[:ISO_DAY])
    return None


def _moment(value: Any) -> dt.datetime | None:
    if isinstance(value, str) and re.fullmatch(DAY, value):
        value = f"{value}T00:00:00.000000Z"
    return (
        dt.datetime.fromisoformat(value) if isinstance(value, str) and re.fullmatch(MOMENT, value) else None
    )


_READERS: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _day,
    Kind.DATETIME: _moment,
    **dict.fromkeys(LISTS, _list),
    **dict.fromkeys((Kind.INTEGER, Kind.DECIMAL), _number),
    Kind.REFERENCE: _key,
    Kind.JSON: _any,
    Kind.VALUE: _any_value,
}
