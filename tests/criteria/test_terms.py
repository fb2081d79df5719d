"""The words by which an index knows custom values: all in which a value can be equal to what is asked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import Connection, text

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
    found = connection.scalar(TERMS, {"custom": json.dumps({"field": value})})
    assert set(found) == {f"field={word}" for word in words}


@pytest.mark.parametrize("custom", ["{}", "[]", "null", "5"])
def test_nothing_is_known_of_what_is_no_object(connection: Connection, custom: str) -> None:
    assert connection.scalar(TERMS, {"custom": custom}) == []
