"""Ranks order as their values do, and the beginnings of a range are those of its ranks and of no others."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fields.ranks import LENGTH, between, rank

NUMBERS = st.one_of(
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=15),
    st.floats(allow_nan=False, allow_infinity=False),
).map(lambda one: Decimal(str(one)))
DAYS = st.dates(dt.date(1000, 1, 1), dt.date(9998, 12, 31))
MOMENTS = st.builds(dt.datetime.combine, DAYS, st.times(timezones=st.just(dt.UTC)))
ALIKE = st.sampled_from([NUMBERS, DAYS, MOMENTS])


@given(ALIKE.flatmap(lambda kind: st.tuples(kind, kind)))
def test_ranks_order_as_values(pair: tuple[Any, Any]) -> None:
    low, high = sorted(pair)
    assert rank(low) <= rank(high)
    assert len(rank(low)) == LENGTH


@given(ALIKE.flatmap(lambda kind: st.tuples(kind, kind, kind)), st.sampled_from(["both", "low", "high"]))
def test_a_value_has_a_beginning_of_a_range_if_its_rank_is_within(values: Any, given_: str) -> None:
    value, *ends = values
    low, high = sorted(ends)
    low, high = low if given_ != "high" else None, high if given_ != "low" else None
    within = (low is None or rank(low) <= rank(value)) and (high is None or rank(value) <= rank(high))
    beginnings = {rank(value)[:length] for length in range(1, LENGTH + 1)}
    assert within is not beginnings.isdisjoint(between(low, high))


@pytest.mark.parametrize(
    ("low", "high", "most"),
    [
        (5, None, 25),
        (None, 5, 25),
        (0, None, 1),
        (123450, 123460, 1),
        (dt.date(2026, 11, 26), dt.date(2026, 11, 26), 1),
        (dt.date(2026, 1, 1), dt.date(2026, 12, 31), 25),
        (None, dt.date(2026, 11, 26), 50),
        (dt.date(2026, 11, 26), None, 50),
    ],
)
def test_few_beginnings_are_asked_for(low: Any, high: Any, most: int) -> None:
    found = between(low, high)
    assert 0 < len(found) <= most
    assert len(set(found)) == len(found)
