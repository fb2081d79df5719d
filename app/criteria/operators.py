"""What a condition can ask, one row for each operator: its meaning in memory and in SQL side by side.

`test` sees a value that is there; a missing one is answered before it is asked. `sql` may give NULL for a
missing value, which counts as false. Where one function holds for Python values and SQL expressions alike,
it stands under `both`.
"""

from __future__ import annotations

import operator as op
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from app.core.i18n import LazyString, Text, _
from app.core.regex import compiled


class Takes(Enum):
    """What stands under `value`."""

    NOTHING = auto()
    ONE = auto()
    PAIR = auto()
    """What it was and what it became: `{"from": …, "to": …}`."""
    MANY = auto()
    PATTERN = auto()
    PAST = auto()
    """A duration back from now."""
    FUTURE = auto()
    """A duration on from now."""


class Asks(Enum):
    """What a condition looks at."""

    VALUE = auto()
    """The value, which must be there."""
    ABSENCE = auto()
    """Whether there is a value."""
    CHANGE = auto()
    """The value before and after the change at hand, which SQL does not know."""
    MOMENT = auto()
    """The moment at which the tree is read, whatever the row."""


@dataclass(frozen=True, kw_only=True)
class Operator:
    """One question; `phrase` is its sentence. With `opposite`, the value is there and the answer is no."""

    name: str
    phrase: Text
    alone: Text | None = None
    """Its sentence where one value is wanted of many it may take, if that is another."""
    takes: Takes = Takes.ONE
    asks: Asks = Asks.VALUE
    test: Callable[[Any, Any], Any]
    """For CHANGE it sees the pair (before, after), either of which may be None; for MOMENT the moment."""
    sql: Callable[[Any, Any], Any] | None = None
    """None where SQL cannot ask it: then memory decides (see compile.py)."""
    opposite: bool = False
    is_equality: bool = False
    """Whether it holds only of what is equal to a wanted value, or has one among its items."""
    bounds: Callable[[Any], tuple[Any, Any]] | None = None
    """Between which values (None: as far as there are) all lie of which it holds, where it says so."""

    @property
    def label(self) -> Text:
        """Return the words between field and value, for a list of operators."""
        return LazyString(self._between)

    def _between(self) -> str:
        gap = "…" if self.takes is Takes.PAIR else ""
        return (str(self.phrase) % {"field": "", "before": gap, "value": gap}).strip()


def _both(
    name: str,
    phrase: Text,
    test: Callable[[Any, Any], Any],
    takes: Takes = Takes.ONE,
    bounds: Callable[[Any], tuple[Any, Any]] | None = None,
) -> Operator:
    return Operator(name=name, phrase=phrase, takes=takes, test=test, sql=test, bounds=bounds)


def _not(operator: Operator, name: str, phrase: Text) -> Operator:
    return replace(operator, name=name, phrase=phrase, opposite=True)


def _within(seen: Any, span: Any) -> Any:
    return (seen >= span.start) & (seen < span.end)


def _last(span: Any) -> Any:
    """Return the last day or instant of a span."""
    return span.end - span.end.resolution


def _inside(span: Any) -> tuple[Any, Any]:
    return span.start, _last(span)


def _above(wanted: Any) -> tuple[Any, Any]:
    return wanted, None


def _below(wanted: Any) -> tuple[Any, Any]:
    return None, wanted


_IS = replace(_both("is", _("%(field)s is %(value)s"), op.eq), is_equality=True)
_IS_NOT = _not(_IS, "is_not", _("%(field)s is not %(value)s"))
_ONE_OF = Operator(
    name="one_of",
    phrase=_("%(field)s is one of %(value)s"),
    alone=_IS.phrase,
    takes=Takes.MANY,
    is_equality=True,
    test=lambda seen, wanted: seen in wanted,
    sql=lambda column, wanted: column.in_(wanted),
)
_CONTAINS = Operator(
    name="contains",
    phrase=_("%(field)s contains %(value)s"),
    test=op.contains,
    sql=lambda column, wanted: column.contains(wanted, autoescape=True),
)
_CONTAINS_NOT = _not(_CONTAINS, "not_contains", _("%(field)s does not contain %(value)s"))
_EMPTY = Operator(
    name="empty",
    phrase=_("%(field)s is empty"),
    takes=Takes.NOTHING,
    asks=Asks.ABSENCE,
    test=lambda seen, _wanted: seen is None,
)

TRUTH = (_IS,)
_NONE_OF = _not(replace(_ONE_OF, alone=_IS_NOT.phrase), "none_of", _("%(field)s is none of %(value)s"))
EQUAL = (_IS, _IS_NOT, _ONE_OF, _NONE_OF)
EMPTY = (_EMPTY, _not(_EMPTY, "not_empty", _("%(field)s is not empty")))
WORDS = (
    _CONTAINS,
    _CONTAINS_NOT,
    Operator(
        name="starts_with",
        phrase=_("%(field)s starts with %(value)s"),
        test=str.startswith,
        sql=lambda column, wanted: column.startswith(wanted, autoescape=True),
    ),
    Operator(
        name="ends_with",
        phrase=_("%(field)s ends with %(value)s"),
        test=str.endswith,
        sql=lambda column, wanted: column.endswith(wanted, autoescape=True),
    ),
    Operator(
        name="matches",
        phrase=_("%(field)s matches %(value)s"),
        takes=Takes.PATTERN,
        test=lambda seen, wanted: compiled(wanted).search(seen) is not None,
    ),
)
ORDER = (
    _both("gt", _("%(field)s is more than %(value)s"), op.gt, bounds=_above),
    _both("gte", _("%(field)s is at least %(value)s"), op.ge, bounds=_above),
    _both("lt", _("%(field)s is less than %(value)s"), op.lt, bounds=_below),
    _both("lte", _("%(field)s is at most %(value)s"), op.le, bounds=_below),
)
TIME = (
    replace(_IS, test=_within, sql=_within, bounds=_inside),
    replace(_IS_NOT, test=_within, sql=_within),
    _both(
        "before",
        _("%(field)s is before %(value)s"),
        lambda seen, span: seen < span.start,
        bounds=lambda span: _below(span.start),
    ),
    _both(
        "after",
        _("%(field)s is after %(value)s"),
        lambda seen, span: seen >= span.end,
        bounds=lambda span: _above(span.end),
    ),
    _both(
        "gte",
        _("%(field)s is on or after %(value)s"),
        lambda seen, span: seen >= span.start,
        bounds=lambda span: _above(span.start),
    ),
    _both(
        "lte",
        _("%(field)s is on or before %(value)s"),
        lambda seen, span: seen < span.end,
        bounds=lambda span: _below(_last(span)),
    ),
    _both("within_last", _("%(field)s is within the last %(value)s"), _within, Takes.PAST, _inside),
    _both("within_next", _("%(field)s is within the next %(value)s"), _within, Takes.FUTURE, _inside),
    _both(
        "more_than_ago",
        _("%(field)s is more than %(value)s ago"),
        lambda seen, span: seen < span.start,
        Takes.PAST,
        lambda span: _below(span.start),
    ),
    _both(
        "more_than_ahead",
        _("%(field)s is more than %(value)s ahead"),
        lambda seen, span: seen >= span.end,
        Takes.FUTURE,
        lambda span: _above(span.end),
    ),
)
ITEMS = (
    replace(_CONTAINS, is_equality=True, sql=lambda column, wanted: column.contains([wanted])),
    replace(_CONTAINS_NOT, sql=lambda column, wanted: column.contains([wanted])),
    Operator(
        name="contains_any",
        phrase=_("%(field)s contains any of %(value)s"),
        takes=Takes.MANY,
        is_equality=True,
        test=lambda seen, wanted: not seen.isdisjoint(wanted),
        sql=lambda column, wanted: column.overlap(list(wanted)),
    ),
    Operator(
        name="contains_all",
        phrase=_("%(field)s contains all of %(value)s"),
        takes=Takes.MANY,
        is_equality=True,
        test=lambda seen, wanted: seen.issuperset(wanted),
        sql=lambda column, wanted: column.contains(list(wanted)),
    ),
)
CHANGED = Operator(
    name="changed",
    phrase=_("%(field)s changed"),
    takes=Takes.NOTHING,
    asks=Asks.CHANGE,
    test=lambda _pair, _wanted: True,
)
CHANGES = (
    CHANGED,
    Operator(
        name="changed_from",
        phrase=_("%(field)s changed from %(value)s"),
        asks=Asks.CHANGE,
        test=lambda pair, wanted: pair[0] == wanted,
    ),
    Operator(
        name="changed_to",
        phrase=_("%(field)s changed to %(value)s"),
        asks=Asks.CHANGE,
        test=lambda pair, wanted: pair[1] == wanted,
    ),
    Operator(
        name="changed_from_to",
        phrase=_("%(field)s changed from %(before)s to %(value)s"),
        takes=Takes.PAIR,
        asks=Asks.CHANGE,
        test=op.eq,
    ),
)
_OPEN = Operator(
    name="business_hours",
    phrase=_("%(field)s is within business hours"),
    takes=Takes.NOTHING,
    asks=Asks.MOMENT,
    test=lambda moment, _wanted: moment.is_open,
)
HOURS = (_OPEN, _not(_OPEN, "outside_business_hours", _("%(field)s is outside business hours")))


def named(*groups: tuple[Operator, ...]) -> Mapping[str, Operator]:
    """Return the operators by name, in order; ValueError if a name stands twice."""
    table: dict[str, Operator] = {}
    for operator in (operator for group in groups for operator in group):
        if operator.name in table:
            raise ValueError(f"The operator {operator.name} stands twice in one list.")
        table[operator.name] = operator
    return table
