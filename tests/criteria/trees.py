"""Random trees over all fields and operators, with values that often meet the things' own."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from app.criteria import EVERYWHERE, ME, Operator, Period, Takes, fold, operators_of
from app.criteria.known import Known
from app.fields import Field
from tests.criteria.things import DAYS, DECIMALS, FIELDS, HARD, MOMENTS, NUMBERS, OPTIONS, TEXTS

_PARTS = sorted({text for text in TEXTS if text.strip() and text.strip("\x1f")})
_MADE = st.text(HARD, min_size=1, max_size=3).filter(lambda text: bool(fold(text)))
_PATTERNS = ["^.", "ss", "[0-9]+", "(?i)stra", "日", "s$", r"\bx\b"]
_VALUES: dict[str, list[Any]] = {
    "integer": [*NUMBERS, 2**40],
    "decimal": [*DECIMALS, 10**14],
    "reference": [1, 5, 7, 2**40, ME],
    "boolean": [True, False],
    "date": [*(day.isoformat() for day in DAYS), *Period],
    "datetime": [*(one.isoformat() for one in [*MOMENTS, *DAYS]), *Period],
    "multi_select": OPTIONS,
}


def _values(field: Known) -> st.SearchStrategy[Any]:
    if isinstance(field, Field) and field.kind == "select":
        return st.sampled_from(field.values)
    known = _VALUES.get(field.kind)
    return st.sampled_from(known) if known else st.sampled_from(_PARTS) | _MADE


def _value(field: Known, operator: Operator) -> st.SearchStrategy[dict[str, Any]]:
    one = _values(field)
    match operator.takes:
        case Takes.NOTHING:
            return st.just({})
        case Takes.MANY:
            value: st.SearchStrategy[Any] = st.lists(one, min_size=1, max_size=3, unique=True)
        case Takes.PATTERN:
            value = st.sampled_from(_PATTERNS)
        case Takes.PAST | Takes.FUTURE:
            units = ["d", "w"] if field.kind == "date" else ["m", "h", "d", "w", "bm", "bh"]
            value = st.builds("{}{}".format, st.sampled_from([1, 7, 48, 1000]), st.sampled_from(units))
        case Takes.PAIR:
            value = st.fixed_dictionaries({"from": one, "to": one})
        case Takes.ONE:
            value = one
    return value.map(lambda chosen: {"value": chosen})


def condition_of(field: Known, operator: Operator) -> st.SearchStrategy[dict[str, Any]]:
    """Conditions that ask this of the field."""
    asked = {"field": field.name, "op": operator.name}
    return _value(field, operator).map(lambda value: asked | value)


def _condition(field: Known) -> st.SearchStrategy[dict[str, Any]]:
    operators = list(operators_of(field.kind).values())
    return st.sampled_from(operators).flatmap(lambda operator: condition_of(field, operator))


CONDITIONS = st.sampled_from([*FIELDS.values(), *EVERYWHERE.values()]).flatmap(_condition)
TREES = st.recursive(
    CONDITIONS,
    lambda inner: st.one_of(
        st.builds(lambda children: {"all": children}, st.lists(inner, max_size=3)),
        st.builds(lambda children: {"any": children}, st.lists(inner, max_size=3)),
        st.builds(lambda child: {"not": child}, inner),
    ),
    max_leaves=6,
)
