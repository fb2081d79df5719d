"""A tree read in memory: values, changes, time, the trace and the sentence."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.criteria import Facts, Moment, describe, explain, parse, passes
from tests.criteria.things import FIELDS, NOW, Colour

BERLIN = Moment(NOW, ZoneInfo("Europe/Berlin"))


def holds(data: Any, row: Any, before: dict[str, Any] | None = None) -> bool:
    return passes(parse(data, FIELDS), Facts(row, before=before or {}, moment=BERLIN))


@pytest.mark.parametrize(
    ("op", "value", "title", "expected"),
    [
        ("is", "strasse", "Straße ", True),
        ("is_not", "strasse", "Straße", False),
        ("is_not", "strasse", "", False),
        ("contains", "FUND", "please refund me", True),
        ("not_contains", "fund", None, False),
        ("not_contains", "fund", "hello", True),
        ("starts_with", "re", "Re: x", True),
        ("ends_with", "ς", "ΟΔΥΣΣΕΥΣ", True),
        ("one_of", ["a", "B"], "b", True),
        ("none_of", ["a", "B"], "c", True),
        ("none_of", ["a", "B"], None, False),
        ("matches", "^[A-Z]{2}-[0-9]+$", "AB-12", True),
        ("matches", "^[A-Z]{2}-[0-9]+$", "ab-12", False),
        ("matches", "^$", None, False),
        ("empty", None, " ", True),
        ("empty", None, "x", False),
        ("not_empty", None, "x", True),
        ("not_empty", None, None, False),
    ],
)
def test_texts(op: str, value: Any, title: str | None, expected: bool) -> None:
    assert holds({"field": "title", "op": op, "value": value}, {"title": title}) is expected


@pytest.mark.parametrize(
    ("op", "value", "seen", "expected"),
    [
        ("is", "2026-03-29", NOW, True),
        ("is", "2026-03-29", dt.datetime(2026, 3, 28, 23, 0, tzinfo=dt.UTC), True),
        ("is", "2026-03-29", dt.datetime(2026, 3, 29, 22, 0, tzinfo=dt.UTC), False),
        ("after", "2026-03-28", dt.datetime(2026, 3, 28, 22, 59, tzinfo=dt.UTC), False),
        ("after", "2026-03-28", dt.datetime(2026, 3, 28, 23, 0, tzinfo=dt.UTC), True),
        ("before", "2026-03-29T00:30:00Z", NOW, False),
        ("lte", "2026-03-29T02:30:00+02:00", NOW, True),
        ("within_last", "1h", NOW - dt.timedelta(hours=1), True),
        ("within_last", "1h", NOW - dt.timedelta(hours=1, seconds=1), False),
        ("within_last", "1h", NOW + dt.timedelta(seconds=1), False),
        ("within_next", "2d", NOW + dt.timedelta(days=2), True),
    ],
)
def test_a_day_of_the_desks_zone_has_the_hours_it_has(
    op: str, value: str, seen: dt.datetime, expected: bool
) -> None:
    assert holds({"field": "seen_at", "op": op, "value": value}, {"seen_at": seen}) is expected


def test_changes() -> None:
    row = {"colour": Colour.BLUE, "title": "Straße"}
    assert holds({"field": "colour", "op": "changed"}, row, {"colour": Colour.RED})
    assert holds({"field": "colour", "op": "changed_from", "value": "red"}, row, {"colour": Colour.RED})
    assert holds({"field": "colour", "op": "changed_to", "value": "blue"}, row, {"colour": None})
    assert not holds({"field": "colour", "op": "changed_to", "value": "red"}, row, {"colour": None})
    assert not holds({"field": "colour", "op": "changed"}, row)
    assert not holds({"field": "colour", "op": "changed_to", "value": "blue"}, row, {"colour": Colour.BLUE})
    assert not holds({"field": "title", "op": "changed"}, row, {"title": "STRASSE"})


def test_objects_and_custom_values() -> None:
    row = SimpleNamespace(
        title="x", custom_fields={"my_integer": 7, "my_date": "2026-03-29", "my_select": "Pro"}
    )
    assert holds({"field": "custom_fields.my_integer", "op": "gte", "value": 7}, row)
    assert holds({"field": "custom_fields.my_date", "op": "within_last", "value": "1d"}, row)
    assert holds({"field": "custom_fields.my_select", "op": "is", "value": "Pro"}, row)
    assert holds({"field": "custom_fields.my_phone", "op": "empty"}, row)


def test_a_value_is_read_once_however_many_ask() -> None:
    class Counted(dict[str, Any]):
        reads = 0

        def get(self, name: str, default: Any = None) -> Any:
            self.reads += 1
            return super().get(name, default)

    row = Counted(title="refund")
    tree = parse({"any": [{"field": "title", "op": "is", "value": f"no {n}"} for n in range(20)]}, FIELDS)
    passes(tree, Facts(row))
    assert row.reads == 1


def test_the_trace_names_what_failed_and_what_it_saw() -> None:
    tree = parse(
        {
            "all": [
                {"field": "title", "op": "contains", "value": "refund"},
                {
                    "any": [
                        {"field": "seats", "op": "gt", "value": 5},
                        {"not": {"field": "tags", "op": "empty"}},
                    ]
                },
            ]
        },
        FIELDS,
    )
    verdict = explain(tree, Facts({"title": "Refund " + "x" * 300, "seats": 3, "tags": ["a"]}))
    assert verdict.passed
    assert [(step.path, step.passed) for step in verdict.trace] == [
        ("criteria.all[0]", True),
        ("criteria.all[1].any[0]", False),
        ("criteria.all[1].any[1].not", False),
    ]
    assert verdict.trace[1].seen == 3
    assert len(verdict.trace[0].seen) == 201


def test_the_sentence() -> None:
    tree = parse(
        {
            "all": [
                {"field": "colour", "op": "is", "value": "red"},
                {
                    "any": [
                        {"field": "tags", "op": "contains", "value": "refund"},
                        {"field": "seen_at", "op": "within_last", "value": "7d"},
                        {
                            "not": {
                                "field": "custom_fields.my_select",
                                "op": "one_of",
                                "value": ["basic", "Pro"],
                            }
                        },
                    ]
                },
                {"field": "happy", "op": "is", "value": True},
            ]
        },
        FIELDS,
    )
    assert describe(tree) == (
        "Colour is Red and (Tags contains refund or Seen is within the last 7 days or "
        "not (My select is one of basic, Pro)) and Happy is Yes"
    )
    assert describe(parse({}, FIELDS)) == "always"
    assert describe(parse({"any": []}, FIELDS)) == "never"
