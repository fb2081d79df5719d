"""Numbers, keys of records, and yes or no."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from app.fields.refusal import Refused

DIGITS = 15
"""Decimals hold 15 digits, the most that every JSON reader keeps exactly (IEEE 754 binary64)."""
BIGINT = 2**63 - 1
_INTEGER = re.compile(r"[+-]?[0-9]{1,40}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")
TRUE = frozenset({"true", "1", "yes", "on"})
FALSE = frozenset({"false", "0", "no", "off"})
"""Words for yes and no, in small letters."""


def integer(raw: object) -> int:
    """Return a whole number within the bounds of a 64-bit column."""
    number = _whole(raw)
    if number > BIGINT:
        raise Refused("too_large", maximum=BIGINT)
    if number < -BIGINT:
        raise Refused("too_small", minimum=-BIGINT)
    return number


def _whole(raw: object) -> int:
    if isinstance(raw, bool):
        raise Refused("not_a_number")
    if isinstance(raw, int):
        return raw
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    if isinstance(raw, Decimal) and raw.is_finite() and raw == raw.to_integral_value():
        return int(raw)
    if isinstance(raw, str) and _INTEGER.fullmatch(raw.strip()):
        return int(raw)
    raise Refused("not_a_number")


def decimal(raw: object) -> Decimal:
    """Return an exact decimal number of at most 15 digits."""
    number = _exact(raw)
    if not number.is_finite():
        raise Refused("not_a_number")
    digits, exponent = number.as_tuple().digits, int(number.as_tuple().exponent)
    if max(len(digits) + exponent, 0) > DIGITS:
        raise Refused(
            "too_large" if number > 0 else "too_small", maximum="9" * DIGITS, minimum="-" + "9" * DIGITS
        )
    if max(len(digits), -exponent) > DIGITS:
        raise Refused("too_precise", maximum=DIGITS)
    return Decimal(format(number + 0, "f"))


def _exact(raw: object) -> Decimal:
    if isinstance(raw, bool):
        raise Refused("not_a_number")
    if isinstance(raw, str) and not _DECIMAL.fullmatch(raw.strip()):
        raise Refused("not_a_number")
    if not isinstance(raw, str | int | float | Decimal):
        raise Refused("not_a_number")
    try:
        return Decimal(raw if isinstance(raw, Decimal) else str(raw).strip()).normalize()
    except (InvalidOperation, ValueError) as problem:
        raise Refused("not_a_number") from problem


def reference(raw: object) -> int:
    """Return the key of a record; whether it exists and may be seen is asked where a session is."""
    try:
        key = integer(raw)
    except Refused as problem:
        raise Refused("not_a_reference") from problem
    if key < 1:
        raise Refused("not_a_reference")
    return key


def boolean(raw: object) -> bool:
    """Return yes or no from a truth value or one of the words forms and CSV files use."""
    if isinstance(raw, bool):
        return raw
    word = raw.strip().lower() if isinstance(raw, str) else None
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise Refused("not_a_boolean")
