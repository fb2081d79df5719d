"""One row for each kind: how it is read, kept as JSON and described. A new kind is a new row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.fields import parse
from app.fields.kinds import Kind
from app.fields.stored import iso_moment


def same(value: Any) -> Any:
    """Return a value that JSON holds as it is."""
    return value


def _number(value: Decimal | float) -> float | int:
    """Return the JSON number; at most 15 digits, so that nothing is lost in binary."""
    return int(value) if value == int(value) else float(value)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return _number(value) if isinstance(value, Decimal) else value


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a kind is: `parse` reads a raw value, `dump` makes JSON of a typed one, `schema` describes it.

    `mismatch` is the code of a value of another JSON type.
    """

    parse: Callable[[Any], Any]
    schema: Mapping[str, Any]
    mismatch: str
    dump: Callable[[Any], Any] = same


_TEXT: Mapping[str, Any] = {"type": "string"}
_LINE: Mapping[str, Any] = {"type": "string", "maxLength": parse.LINE}
_PROSE: Mapping[str, Any] = {"type": "string", "maxLength": parse.PROSE}
_ITEM: Mapping[str, Any] = {"type": "string", "maxLength": parse.ITEM}
_TEXTS: Mapping[str, Any] = {"type": "array", "items": _ITEM, "maxItems": parse.ITEMS}
_KEY: Mapping[str, Any] = {"type": "integer", "minimum": 1, "maximum": parse.BIGINT}

SHAPES: Mapping[Kind, Shape] = {
    Kind.TEXT: Shape(parse=parse.line, schema=_LINE, mismatch="not_a_text"),
    Kind.LONG_TEXT: Shape(parse=parse.prose, schema=_PROSE, mismatch="not_a_text"),
    Kind.INTEGER: Shape(
        parse=parse.integer,
        schema={"type": "integer", "minimum": -parse.BIGINT, "maximum": parse.BIGINT},
        mismatch="not_a_number",
        dump=_number,
    ),
    Kind.DECIMAL: Shape(
        parse=parse.decimal, schema={"type": "number"}, mismatch="not_a_number", dump=_number
    ),
    Kind.BOOLEAN: Shape(parse=parse.boolean, schema={"type": "boolean"}, mismatch="not_a_boolean"),
    Kind.DATE: Shape(
        parse=parse.date,
        schema={"type": "string", "format": "date"},
        mismatch="not_a_date",
        dump=dt.date.isoformat,
    ),
    Kind.DATETIME: Shape(
        parse=parse.instant,
        schema={"type": "string", "format": "date-time"},
        mismatch="not_a_datetime",
        dump=iso_moment,
    ),
    Kind.SELECT: Shape(parse=parse.line, schema=_TEXT, mismatch="not_a_text", dump=str),
    Kind.MULTI_SELECT: Shape(parse=parse.words, schema=_TEXTS, mismatch="not_a_list", dump=list),
    Kind.EMAIL: Shape(
        parse=parse.email, schema={"type": "string", "format": "email"}, mismatch="not_an_email"
    ),
    Kind.URL: Shape(parse=parse.url, schema={"type": "string", "format": "uri"}, mismatch="not_a_url"),
    Kind.PHONE: Shape(parse=parse.phone, schema=_TEXT, mismatch="not_a_phone"),
    Kind.REFERENCE: Shape(parse=parse.reference, schema=_KEY, mismatch="not_a_reference", dump=_number),
    Kind.TAGS: Shape(parse=parse.words, schema=_TEXTS, mismatch="not_a_list", dump=list),
    Kind.VALUE: Shape(
        parse=parse.value,
        schema={"type": ["string", "number", "boolean", "array"]},
        mismatch="not_a_value",
        dump=_plain,
    ),
    Kind.JSON: Shape(parse=parse.structure, schema={"type": ["object", "array"]}, mismatch="not_structured"),
}
