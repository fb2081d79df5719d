"""From what was typed or sent to a typed value, for each kind. Raises `Refused`; never sees an empty value.

The same functions read forms, CSV cells (texts) and JSON (typed), so a value is accepted or refused alike.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from app.fields.refusal import Refused

LINE = 1_000
PROSE = 100_000
ITEMS = 100
ITEM = 100
DEPTH = 32
DIGITS = 15
"""Decimals hold 15 digits, the most that every JSON reader keeps exactly (IEEE 754 binary64)."""
BIGINT = 2**63 - 1
FIRST_YEAR, LAST_YEAR = 1000, 9998
"""Years of four digits with a day to spare at the end, so that ISO dates order as texts do."""

_STAMP, _ADDRESS, _DIALLED = 40, 320, 3
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_INTEGER = re.compile(r"[+-]?[0-9]{1,40}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EMAIL = re.compile(r"[^@\s<>(),;:\\\"\[\]]{1,64}@[^@\s<>(),;:\\\"\[\].]+(\.[^@\s<>(),;:\\\"\[\].]+)+")
_PHONE = re.compile(r"\+?[0-9 ()./-]{3,40}")
_TRUE = frozenset({"true", "1", "yes", "on"})
_FALSE = frozenset({"false", "0", "no", "off"})


def prose(raw: object) -> str:
    """Return a text of several lines, ends stripped and line ends as newlines."""
    if not isinstance(raw, str):
        raise Refused("not_a_text")
    if _UNSTORABLE.search(raw):
        raise Refused("bad_characters")
    if len(raw) > PROSE:
        raise Refused("too_long", maximum=PROSE)
    return raw.replace("\r\n", "\n").replace("\r", "\n").strip()


def line(raw: object) -> str:
    """Return a text of one line; line breaks become spaces, so that none can reach a mail header."""
    text = " ".join(prose(raw).splitlines())
    if len(text) > LINE:
        raise Refused("too_long", maximum=LINE)
    return text


def _line(raw: object, code: str) -> str:
    """Return a line, or refuse what is no text with the code of the kind."""
    if not isinstance(raw, str):
        raise Refused(code)
    return line(raw)


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
    if isinstance(raw, float) and raw.is_integer() and abs(raw) <= BIGINT:
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


def boolean(raw: object) -> bool:
    """Return yes or no from a truth value or one of the words forms and CSV files use."""
    if isinstance(raw, bool):
        return raw
    word = raw.strip().lower() if isinstance(raw, str) else None
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise Refused("not_a_boolean")


def date(raw: object) -> dt.date:
    """Return a day between the years 1000 and 9998."""
    if isinstance(raw, str) and _DATE.fullmatch(raw.strip()):
        try:
            raw = dt.date.fromisoformat(raw.strip())
        except ValueError as problem:
            raise Refused("not_a_date") from problem
    if not isinstance(raw, dt.date) or isinstance(raw, dt.datetime):
        raise Refused("not_a_date")
    if not FIRST_YEAR <= raw.year <= LAST_YEAR:
        raise Refused("not_a_date")
    return raw


def instant(raw: object, zone: dt.tzinfo | None = None) -> dt.datetime:
    """Return a moment in UTC. A text without a zone is read in `zone`, or refused if there is none."""
    moment = _moment(raw)
    if moment.tzinfo is None and zone is not None:
        moment = moment.replace(tzinfo=zone)
    if moment.tzinfo is None or not FIRST_YEAR < moment.year < LAST_YEAR:
        raise Refused("not_a_datetime")
    return moment.astimezone(dt.UTC)


def _moment(raw: object) -> dt.datetime:
    if isinstance(raw, dt.datetime):
        return raw
    if not isinstance(raw, str) or not _DATE.match(raw.strip()) or len(raw) > _STAMP:
        raise Refused("not_a_datetime")
    try:
        return dt.datetime.fromisoformat(raw.strip())
    except ValueError as problem:
        raise Refused("not_a_datetime") from problem


def email(raw: object) -> str:
    """Return an e-mail address as it was written. Whether it receives mail only a mail can tell."""
    address = _line(raw, "not_an_email")
    if len(address) > _ADDRESS or not _EMAIL.fullmatch(address):
        raise Refused("not_an_email")
    return address


def url(raw: object) -> str:
    """Return a web address: http or https, with a host and without a name or password in it."""
    address = _line(raw, "not_a_url")
    try:
        parts = urlsplit(address)
        good = (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and "@" not in parts.netloc
            and parts.port != 0
        )
    except ValueError as problem:
        raise Refused("not_a_url") from problem
    if not good or re.search(r"\s", address):
        raise Refused("not_a_url")
    return address


def phone(raw: object) -> str:
    """Return a phone number as it was written."""
    number = _line(raw, "not_a_phone")
    if not _PHONE.fullmatch(number) or sum(sign.isdigit() for sign in number) < _DIALLED:
        raise Refused("not_a_phone")
    return number


def reference(raw: object) -> int:
    """Return the key of a record; whether it exists and may be seen is asked where a session is."""
    try:
        key = integer(raw)
    except Refused as problem:
        raise Refused("not_a_reference") from problem
    if key < 1:
        raise Refused("not_a_reference")
    return key


def words(raw: object) -> tuple[str, ...]:
    """Return a list of texts without doubles, in the order given; one text is split at its commas."""
    items = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(items, list | tuple):
        raise Refused("not_a_list")
    if len(items) > ITEMS:
        raise Refused("too_many", maximum=ITEMS)
    unique: dict[str, str] = {}
    for text in filter(None, map(_item, items)):
        unique.setdefault(text.casefold(), text)
    return tuple(unique.values())


def _item(raw: object) -> str:
    text = line(raw)
    if len(text) > ITEM:
        raise Refused("too_long", maximum=ITEM)
    return text


def structure(raw: object) -> Any:
    """Return JSON data: as given, or read from a text, bounded in depth and length."""
    if isinstance(raw, str):
        raw = _loads(raw)
    if not isinstance(raw, dict | list) or _depth(raw) > DEPTH:
        raise Refused("not_structured")
    try:
        text = json.dumps(raw, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as problem:
        raise Refused("not_structured") from problem
    if len(text) > PROSE:
        raise Refused("not_structured")
    if _UNSTORABLE.search(text) or "\\u0000" in text:
        raise Refused("bad_characters")
    return raw


def _loads(text: str) -> object:
    if len(text) > PROSE:
        raise Refused("not_structured")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise Refused("not_structured") from problem


def _depth(data: object, level: int = 1) -> int:
    if level > DEPTH or not isinstance(data, dict | list):
        return level
    inner = data.values() if isinstance(data, dict) else data
    return max((_depth(item, level + 1) for item in inner), default=level)
