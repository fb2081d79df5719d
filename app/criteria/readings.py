"""How each kind of value is looked at, in memory and in SQL, and which operators it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Numeric, String, Text, cast, func, or_, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY

from app.criteria import operators as ops
from app.criteria.fold import fold
from app.criteria.moment import Moment, Span, day_span, days_around, instant_span, instants_around
from app.criteria.operators import Operator, named

Sql = ColumnElement[Any]
ME = "me"
"""Who reads the tree, where a reference to an employee is compared."""


def _same(value: Any) -> Any:
    return value


def _null(column: Sql) -> Sql:
    return column.is_(None)


@dataclass(frozen=True, kw_only=True)
class Timing:
    """How dates are placed in time: `span` a date or period, `around` a duration, written in `units`."""

    span: Callable[[Any, Moment], Span]
    around: Callable[[Any, Moment, int], Span]
    units: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One way of looking at values.

    `see` returns what is compared, None for a missing value; `wanted` does the same to the other side.
    `column` is `see` in SQL, `missing` tells of such a column whether nothing is there.
    """

    operators: Mapping[str, Operator]
    see: Callable[[Any], Any] = _same
    wanted: Callable[[Any], Any] = _same
    column: Callable[[Sql], Sql] = _same
    missing: Callable[[Sql], Sql] = _null
    word: Callable[[Any], str] | None = None
    """The word by which an index finds what is equal to a wanted value, where one does."""
    timing: Timing | None = None
    reader: Callable[[Any, Moment], Any] | None = None
    """Puts who reads the tree in the place of `me`."""

    @cached_property
    def is_timeless(self) -> bool:
        """Tell whether it is the same at every moment and for everybody what is wanted."""
        return self.timing is None and self.reader is None

    def at(self, wanted: Any, moment: Moment) -> Any:
        """Return what to compare with at `moment`: dates become spans, `me` the one who reads."""
        if self.reader is not None:
            return self.reader(wanted, moment)
        return wanted if self.timing is None else self.timing.span(wanted, moment)


def _folded(value: str | None) -> str | None:
    return fold(value) or None if value else None


def _number(value: Any) -> Any:
    """Return a float column's number as the decimal it is written as, which is what PostgreSQL compares."""
    return Decimal(str(value)) if isinstance(value, float) else value


def _whole(column: Sql) -> Sql:
    """Compare with 64 bits: to a smaller column's own type a large number would be an error, not a no."""
    return type_coerce(column, BigInteger)


def _reader(wanted: Any, moment: Moment) -> Any:
    """Return ids with the reader's for `me`; where nobody reads it is 0, the id of no row."""
    if isinstance(wanted, tuple | frozenset):
        return type(wanted)(_reader(one, moment) for one in wanted)
    return (moment.me or 0) if wanted == ME else wanted


def _figures(number: Any) -> str:
    """Return a number without needless zeros, as PostgreSQL writes it."""
    told = format(Decimal(number), "f")
    told = told.rstrip("0").rstrip(".") if "." in told else told
    return "0" if told == "-0" else told


def _items(value: Any) -> frozenset[str] | None:
    return frozenset(fold(item) for item in value if isinstance(item, str)) or None if value else None


def _blank(column: Sql) -> Sql:
    return or_(column.is_(None), column == "")


def _no_items(column: Sql) -> Sql:
    return or_(column.is_(None), func.cardinality(column) == 0)


def _no_data(column: Sql) -> Sql:
    return or_(column.is_(None), cast(column, Text).in_(("{}", "[]", "null")))


WORDS = Reading(
    operators=named(ops.EQUAL, ops.WORDS, ops.EMPTY, ops.CHANGES),
    see=_folded,
    wanted=fold,
    column=lambda column: func.frontdesk_fold(column, type_=Text),
    missing=_blank,
    word=str,
)
CHOICE = Reading(
    operators=named(ops.EQUAL, ops.EMPTY, ops.CHANGES),
    see=lambda value: str(value) if value else None,
    wanted=str,
    column=lambda column: type_coerce(column, String),
    missing=_blank,
    word=fold,
)
WHOLE = Reading(operators=named(ops.EQUAL, ops.ORDER, ops.EMPTY, ops.CHANGES), column=_whole, word=_figures)
DECIMAL = Reading(
    operators=named(ops.EQUAL, ops.ORDER, ops.EMPTY, ops.CHANGES),
    see=_number,
    column=lambda column: type_coerce(column, Numeric),
    word=_figures,
)
LINK = Reading(
    operators=named(ops.EQUAL, ops.EMPTY, ops.CHANGES), column=_whole, reader=_reader, word=_figures
)
TRUTH = Reading(
    operators=named(ops.TRUTH, ops.EMPTY, ops.CHANGES), word=lambda wanted: "yes" if wanted else "no"
)
DAY = Reading(
    operators=named(ops.TIME, ops.EMPTY, (ops.CHANGED,)),
    timing=Timing(span=day_span, around=days_around, units=("d", "w")),
)
INSTANT = Reading(
    operators=named(ops.TIME, ops.EMPTY, (ops.CHANGED,)),
    timing=Timing(span=instant_span, around=instants_around, units=("m", "h", "d", "w", "bm", "bh")),
)
ITEMS = Reading(
    operators=named(ops.ITEMS, ops.EMPTY, (ops.CHANGED,)),
    see=_items,
    wanted=fold,
    column=lambda column: func.frontdesk_fold_items(column, type_=ARRAY(Text)),
    missing=_no_items,
    word=str,
)
DATA = Reading(operators=named(ops.EMPTY, (ops.CHANGED,)), see=lambda value: value or None, missing=_no_data)

PRESENT = Reading(operators=named(ops.HOURS))

READINGS: Mapping[str, Reading] = {
    "text": WORDS,
    "long_text": WORDS,
    "email": WORDS,
    "url": WORDS,
    "phone": WORDS,
    "integer": WHOLE,
    "decimal": DECIMAL,
    "boolean": TRUTH,
    "date": DAY,
    "datetime": INSTANT,
    "select": CHOICE,
    "multi_select": ITEMS,
    "tags": ITEMS,
    "reference": LINK,
    "json": DATA,
    "value": DATA,
    "now": PRESENT,
}
"""The reading of each kind of field, and of `now`."""


def operators_of(kind: str) -> Mapping[str, Operator]:
    """Return the operators that a field of `kind` offers, by name, in the order they are offered."""
    return READINGS[kind].operators
