"""The count of calls against a plain model: no minute, wherever it begins, holds more than the limit."""

from __future__ import annotations

import datetime as dt
import itertools
import math

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as some

from app.core.clock import frozen
from app.generate.rest.rate import WINDOW, Rate, take

START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
CALLERS = itertools.count(1)
STEPS = some.lists(some.tuples(some.integers(0, 25_000), some.integers(1, 4)), max_size=25)
"""Milliseconds since the call before, and the limit at that time: it may be changed meanwhile."""


def called(caller: str, milliseconds: int, limit: int) -> Rate:
    with frozen(START + dt.timedelta(milliseconds=milliseconds)):
        found = take(caller, limit)
    assert found is not None
    return found


@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_it_counts_as_a_list_of_the_last_minute_does(app: Flask, steps: list[tuple[int, int]]) -> None:
    caller, moment, passed = f"test:{next(CALLERS)}", 0, [0][:0]
    with app.app_context():
        for pause, limit in steps:
            moment += pause
            held = [time for time in passed if time > moment - WINDOW]
            passes = len(held) < limit
            if passes:
                passed.append(moment)
                held.append(moment)
            leaves = held[max(0, len(held) - limit)]
            wait = max(1, math.ceil((leaves + WINDOW - moment) / 1000))
            assert called(caller, moment, limit) == Rate(passes, limit, max(0, limit - len(held)), wait)


def test_who_waits_as_told_comes_through(app: Flask) -> None:
    with app.app_context():
        for moment in (0, 20_000, 40_000):
            assert called("waits", moment, 3).passes
        refused = called("waits", 41_500, 3)
        assert (refused.passes, refused.reset) == (False, 19)
        assert not called("waits", 59_999, 3).passes
        assert called("waits", 41_500 + refused.reset * 1000, 3).passes


def test_callers_do_not_share_a_limit(app: Flask) -> None:
    with app.app_context():
        assert called("one", 0, 1).passes
        assert not called("one", 0, 1).passes
        assert called("other", 0, 1).passes
