"""Random trees over all fields and operators, with values that often meet the things' own."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from app.criteria import Operator, Takes, operators_of
from app.fields import Field
from tests.criteria.things import DAYS, DECIMALS, FIELDS, MOMENTS, NUMBERS, OPTIONS, TEXTS

_PARTS = sorted({text for text in TEXTS if text.strip() and text.strip("\x1f")})
_PATTERNS = ["^.", "ss", "[0-9]+", "(?i)stra", "日", "s$", r"\bx\b"]
_VALUES: dict[str, list[Any]] = {
    "integer": [*NUMBERS, 2**40],
    "decimal": [*DECIMALS, 10**14],
    "reference": [1, 5, 7, 2**40],
    "boolean": [True, False],
    "date": [day.isoformat() for day in DAYS],
    "datetime": [one.isoformat() for one in MOMENTS] + [day.isoformat() for day in DAYS],
    "multi_select": OPTIONS,
}


def _values(field: Field) -> list[Any]:
    if field.kind == "select":
        return list(field.values)
    return _VALUES.get(field.kind, _PARTS)


def _value(field: Field, operator: Operator) -> st.SearchStrategy[dict[str, Any]]:
    one = st.sampled_from(_values(field))
    match operator.takes:
        case Takes.NOTHING:
            return st.just({})
        case Takes.MANY:
            value: st.SearchStrategy[Any] = st.lists(one, min_size=1, max_size=3)
        case Takes.PATTERN:
            value = st.sampled_from(_PATTERNS)
        case Takes.PAST | Takes.FUTURE:
            units = "d" if field.kind == "date" else "hd"
            value = st.builds("{}{}".format, st.sampled_from([1, 7, 1000]), st.sampled_from(units))
        case Takes.ONE:
            value = one
    return value.map(lambda chosen: {"value": chosen})


def _condition(field: Field) -> st.SearchStrategy[dict[str, Any]]:
    def asked(operator: Operator) -> st.SearchStrategy[dict[str, Any]]:
        return _value(field, operator).map(lambda value: {"field": field.name, "op": operator.name, **value})

    return st.sampled_from(list(operators_of(field.kind).values())).flatmap(asked)


CONDITIONS = st.sampled_from(list(FIELDS.values())).flatmap(_condition)
TREES = st.recursive(
    CONDITIONS,
    lambda inner: st.one_of(
        st.builds(lambda children: {"all": children}, st.lists(inner, max_size=3)),
        st.builds(lambda children: {"any": children}, st.lists(inner, max_size=3)),
        st.builds(lambda child: {"not": child}, inner),
    ),
    max_leaves=6,
)
