"""How custom values are read back from JSONB in SQL: with the meaning that `stored` has in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Numeric,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    true,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.fields.kinds import LISTS, Kind
from app.fields.parse.numbers import FALSE, TRUE
from app.fields.stored import DAY, ISO_DAY, MOMENT, NUMBER

WORDS_FUNCTION = """
CREATE OR REPLACE FUNCTION frontdesk_words(x jsonb) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET plan_cache_mode = force_generic_plan AS $words$
  SELECT CASE jsonb_typeof(x)
    WHEN 'string' THEN x #>> '{}'
    WHEN 'number' THEN x #>> '{}'
    WHEN 'boolean' THEN CASE WHEN x = 'true' THEN 'yes' ELSE 'no' END
    WHEN 'array' THEN (
      SELECT nullif(string_agg(item #>> '{}', ', '), '')
      FROM jsonb_array_elements(x) AS item WHERE jsonb_typeof(item) = 'string'
    )
  END
$words$
"""
"""What a value reads as in a text."""


def expression(kind: Kind, value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the JSONB member `value` as SQL of the kind's type, NULL where it means nothing in it."""
    if kind is Kind.JSON:
        return value
    if kind in LISTS:
        whole = func.jsonb_typeof(value) == "array"
        return case((whole, type_coerce(value, JSONB)), else_=_alone(_words(value)))
    made = _EXPRESSIONS.get(kind)
    return _words(value) if made is None else made(value, value.astext)


def _alone(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a text as a list of one, NULL for none."""
    return case((text != "", func.jsonb_build_array(text, type_=JSONB)))


def _words(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return case(
        (func.jsonb_typeof(value) == "string", value.astext), else_=func.frontdesk_words(value, type_=Text)
    )


def _number_of(value: ColumnElement[Any], text: ColumnElement[Any]) -> ColumnElement[Any]:
    form, number = func.jsonb_typeof(value), cast(text, Numeric)
    return case((form == "number", number), (and_(form == "string", text.regexp_match(NUMBER)), number))


def _key_of(value: ColumnElement[Any], text: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((func.jsonb_typeof(value) == "number", cast(text, Numeric)))


def _boolean_of(value: ColumnElement[Any], text: ColumnElement[Any]) -> ColumnElement[Any]:
    word = func.lower(text)
    form = func.jsonb_typeof(value)
    return case(
        (form == "boolean", cast(text, Boolean)),
        (and_(form == "string", word.in_(sorted(TRUE))), true()),
        (and_(form == "string", word.in_(sorted(FALSE))), false()),
    )


def _day_of(_value: ColumnElement[Any], text: ColumnElement[Any]) -> ColumnElement[Any]:
    of_moment = cast(func.left(text, ISO_DAY), Date)
    return case((text.regexp_match(DAY), cast(text, Date)), (text.regexp_match(MOMENT), of_moment))


def _moment_of(_value: ColumnElement[Any], text: ColumnElement[Any]) -> ColumnElement[Any]:
    begins = cast(text + "T00:00:00Z", DateTime(timezone=True))
    return case(
        (text.regexp_match(MOMENT), cast(text, DateTime(timezone=True))), (text.regexp_match(DAY), begins)
    )


_EXPRESSIONS: Mapping[Kind, Callable[[ColumnElement[Any], ColumnElement[Any]], ColumnElement[Any]]] = {
    Kind.INTEGER: _number_of,
    Kind.DECIMAL: _number_of,
    Kind.REFERENCE: _key_of,
    Kind.BOOLEAN: _boolean_of,
    Kind.DATE: _day_of,
    Kind.DATETIME: _moment_of,
}
