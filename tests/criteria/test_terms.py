"""The words by which an index knows custom values: all in which a value can be equal to what is asked."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, text

from app.fields.ranks import LENGTH, rank
from app.fields.terms_sql import LONGEST

TERMS = text("SELECT frontdesk_terms(CAST(:custom AS jsonb))")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("  Straße ", {"strasse"}),
        ("05", {"05", "5"}),
        ("+5.50", {"+5.50", "5.5"}),
        (5, {"5"}),
        (5.0, {"5.0", "5"}),
        ("ON", {"on", "yes"}),
        ("off", {"off", "no"}),
        (True, {"yes"}),
        (["Red", " Blue"], {"red", "blue", "red, blue"}),
        (["red", 7], {"red"}),
        ("x" * 300, {"x" * LONGEST}),
        (None, set()),
        ({"red": 1}, set()),
    ],
)
def test_a_value_is_known_by(connection: Connection, value: Any, words: set[str]) -> None:
    assert set(terms_of(connection, value, "=")) == words


RANKED = [0, 1, -1, 5.5, "05", "-0.050", 123456, -123456, 0.00012, 10**15, 10**60, -(10**60), 1e-60, -1e-60]


@pytest.mark.parametrize("value", RANKED)
def test_a_number_is_known_by_its_rank(connection: Connection, value: Any) -> None:
    beginnings = [rank(Decimal(str(value)))[:length] for length in range(1, LENGTH + 1)]
    assert terms_of(connection, value, "~") == beginnings


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-03-29", dt.date(2026, 3, 29)),
        ("1000-01-01", dt.date(1000, 1, 1)),
        ("9998-12-31T23:59:59.999999Z", dt.date(9998, 12, 31)),
        ("2026-02-30", None),
        ("2026-03-29 or so", None),
        ("x", None),
        (["2026-03-29"], None),
    ],
)
def test_a_day_and_a_moment_are_known_by_their_rank(
    connection: Connection, value: Any, day: dt.date | None
) -> None:
    beginnings = [rank(day)[:length] for length in range(1, LENGTH + 1)] if day else []
    assert terms_of(connection, value, "~") == beginnings


def terms_of(connection: Connection, value: Any, sign: str) -> list[str]:
    """The terms of a value with this sign between the field and the word."""
    found = connection.scalar(TERMS, {"custom": json.dumps({"field": value})})
    return [one.removeprefix(f"field{sign}") for one in found if one.startswith(f"field{sign}")]


@pytest.mark.parametrize("custom", ["{}", "[]", "null", "5"])
def test_nothing_is_known_of_what_is_no_object(connection: Connection, custom: str) -> None:
    assert connection.scalar(TERMS, {"custom": custom}) == []
