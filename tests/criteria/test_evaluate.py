"""A tree read in memory: values, changes, time, the trace and the sentence."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.criteria import Facts, Moment, describe, explain, parse, passes
from tests.criteria.office import Office
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
        ("criteria", True),
        ("criteria.all[0]", True),
        ("criteria.all[1]", True),
        ("criteria.all[1].any[0]", False),
        ("criteria.all[1].any[1]", True),
        ("criteria.all[1].any[1].not", False),
    ]
    assert [step.op for step in verdict.trace] == ["all", "contains", "any", "gt", "not", "empty"]
    assert verdict.failed is None
    assert (verdict.trace[3].value, verdict.trace[3].seen) == (5, 3)
    assert len(verdict.trace[1].seen) == 201


@pytest.mark.parametrize(
    ("row", "path"),
    [
        ({"title": "hello"}, "criteria.all[0]"),
        ({"title": "refund", "seats": 3}, "criteria.all[1]"),
        ({"title": "refund", "seats": 9, "happy": True}, "criteria.all[2]"),
        ({"title": "refund", "seats": 9, "tags": ["a"]}, None),
    ],
)
def test_the_first_part_that_refused_is_named(row: dict[str, Any], path: str | None) -> None:
    """A condition, a group none of whose parts held, or a negation whose part did."""
    asked = [
        {"field": "title", "op": "is", "value": "refund"},
        {"any": [{"field": "seats", "op": "gt", "value": 5}, {"field": "tags", "op": "not_empty"}]},
        {"not": {"field": "happy", "op": "is", "value": True}},
    ]
    failed = explain(parse({"all": asked}, FIELDS), Facts(row)).failed
    assert (failed.path if failed else None) == path


def test_what_it_was_and_what_it_became() -> None:
    asked = {"field": "colour", "op": "changed_from_to", "value": {"from": "red", "to": "blue"}}
    assert holds(asked, {"colour": Colour.BLUE}, {"colour": Colour.RED})
    assert not holds(asked, {"colour": Colour.BLUE}, {"colour": None})
    assert not holds(asked, {"colour": Colour.BLUE})
    assert describe(parse(asked, FIELDS)) == "Colour changed from Red to Blue"


@pytest.mark.parametrize(
    ("period", "first", "after"),
    [
        ("today", "2026-03-29", "2026-03-30"),
        ("yesterday", "2026-03-28", "2026-03-29"),
        ("tomorrow", "2026-03-30", "2026-03-31"),
        ("this_week", "2026-03-23", "2026-03-30"),
        ("last_week", "2026-03-16", "2026-03-23"),
        ("next_week", "2026-03-30", "2026-04-06"),
        ("this_month", "2026-03-01", "2026-04-01"),
        ("last_month", "2026-02-01", "2026-03-01"),
        ("next_month", "2026-04-01", "2026-05-01"),
        ("this_year", "2026-01-01", "2027-01-01"),
        ("last_year", "2025-01-01", "2026-01-01"),
        ("next_year", "2027-01-01", "2028-01-01"),
    ],
)
def test_days_by_name(period: str, first: str, after: str) -> None:
    """Half an hour past midnight on a Sunday in Berlin, where the month has one day of 23 hours."""
    start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(after)
    day = dt.timedelta(days=1)
    for op, seen in (("is", start), ("is", end - day), ("before", start - day), ("after", end)):
        asked = {"field": "due", "op": op, "value": period}
        assert holds(asked, {"due": seen})
        assert not holds(asked, {"due": end if op in {"is", "before"} else end - day})
    opens = dt.datetime.combine(start, dt.time(), BERLIN.zone)
    assert holds({"field": "seen_at", "op": "is", "value": period}, {"seen_at": opens})
    assert not holds(
        {"field": "seen_at", "op": "is", "value": period}, {"seen_at": opens - dt.timedelta(microseconds=1)}
    )


@pytest.mark.parametrize("op", ["more_than_ago", "more_than_ahead"])
def test_more_than_is_all_that_within_is_not(op: str) -> None:
    other = {"more_than_ago": "within_last", "more_than_ahead": "within_next"}[op]
    sign = -1 if op == "more_than_ago" else 1
    for seconds, expected in ((3600, False), (3601, True)):
        row = {"seen_at": NOW + sign * dt.timedelta(seconds=seconds)}
        assert holds({"field": "seen_at", "op": op, "value": "1h"}, row) is expected
        assert holds({"field": "seen_at", "op": other, "value": "1h"}, row) is not expected


def test_business_time_counts_open_hours_only() -> None:
    """On a Sunday, two business hours ago was Friday at three."""
    friday = dt.datetime(2026, 3, 27, 15, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    asked = parse({"field": "seen_at", "op": "within_last", "value": "2bh"}, FIELDS)
    office = Moment(NOW, ZoneInfo("Europe/Berlin"), calendar=Office())
    minute = dt.timedelta(minutes=1)
    assert passes(asked, Facts({"seen_at": friday}, moment=office))
    assert not passes(asked, Facts({"seen_at": friday - minute}, moment=office))
    assert not passes(asked, Facts({"seen_at": friday}, moment=BERLIN)), "without hours, it is always open"
    assert describe(asked) == "Seen is within the last 2 business hours"


def test_now_is_within_business_hours() -> None:
    asked = parse({"field": "now", "op": "business_hours"}, FIELDS)
    sunday = Moment(NOW, calendar=Office())
    monday = Moment(dt.datetime(2026, 3, 30, 8, 0, tzinfo=dt.UTC), calendar=Office())
    assert [passes(asked, Facts({}, moment=one)) for one in (sunday, monday, BERLIN)] == [False, True, True]
    assert passes(parse({"field": "now", "op": "outside_business_hours"}, FIELDS), Facts({}, moment=sunday))
    assert explain(asked, Facts({}, moment=sunday)).trace[0].seen == NOW.isoformat()
    assert describe(asked) == "Now is within business hours"


def test_me_is_who_reads() -> None:
    mine = {"custom_fields": {"my_reference": 7}}
    tree = parse({"field": "custom_fields.my_reference", "op": "one_of", "value": [3, "me"]}, FIELDS, me=True)
    assert passes(tree, Facts(mine, moment=Moment(NOW, me=7)))
    assert not passes(tree, Facts(mine, moment=Moment(NOW, me=8)))
    assert not passes(tree, Facts(mine, moment=Moment(NOW)))
    assert describe(tree, {("employees", 3): "Ada"}) == "My reference is one of Ada, me"


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
