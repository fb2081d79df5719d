"""One way of writing JSON, so that equal content is equal bytes: RFC 8785 (JSON Canonicalization Scheme).

Keys ordered by UTF-16 units, no spaces, UTF-8, numbers as ECMAScript writes them; one departure: whole
numbers are written exactly, however large.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring
from typing import Any

import orjson

_PADDED = re.compile(r"e-0(\d)$")
_SIMPLE = frozenset({str, int, bool, type(None)})


def canonical(value: Any) -> bytes:
    """Return the canonical bytes of `value`. Raises TypeError for what JSON and `plain` do not know."""
    if _is_simple(value):
        try:
            return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        except TypeError:  # a whole number of more than 64 bits, half a surrogate pair
            pass
    return _write(value).encode()


def plain(value: Any) -> Any:
    """Return a column's value as JSON can hold it; moments in UTC with six decimals, which are exact."""
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
    return value


def _is_simple(value: Any) -> bool:
    """Tell whether the fast writer gives the same bytes: it differs in fractions and in odd keys."""
    if type(value) is dict:
        return all(map(str.isascii, value)) and _are_simple(value.values())
    return _are_simple(value) if type(value) is list else type(value) in _SIMPLE


def _are_simple(values: Iterable[Any]) -> bool:
    return all(type(one) in _SIMPLE or _is_simple(one) for one in values)


def _write(value: Any) -> str:
    match value:
        case None | True | False:
            return {None: "null", True: "true", False: "false"}[value]
        case str():
            return encode_basestring(value)
        case int():
            return str(value)
        case float():
            return _number(value)
        case Mapping():
            keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
            return "{" + ",".join(f"{encode_basestring(key)}:{_write(value[key])}" for key in keys) + "}"
        case list() | tuple():
            return "[" + ",".join(map(_write, value)) + "]"
    raise TypeError(f"JSON has no {type(value).__name__}.")


def _number(value: float) -> str:
    """Return a number as ECMAScript does (ECMA-262, Number::toString). Raises ValueError for what is none."""
    if not math.isfinite(value):
        raise ValueError("JSON has neither NaN nor infinity.")
    size = abs(value)
    if size < 1e21 and value == int(value):
        return str(int(value))
    if 1e-6 <= size < 1e-4:
        return f"{value:.{_decimals(value)}f}"
    return _PADDED.sub(r"e-\1", repr(value))


def _decimals(value: float) -> int:
    """Return how many decimals show all digits of a number that Python writes with an exponent."""
    digits, _, exponent = repr(value).partition("e")
    return len(digits.partition(".")[2]) - int(exponent or 0)
