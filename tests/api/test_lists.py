"""Lists: filters, order, pages, and an unknown parameter named."""

from __future__ import annotations

from typing import Any

import pytest

from app.access import SYSTEM
from app.core.extensions import db
from app.record import act_as
from app.services import tickets
from tests.api.conftest import Desk, ticket_values

ROWS = 12


@pytest.fixture(scope="module")
def pile(desk: Desk) -> list[int]:
    """Tickets titled Pile, every other urgent, with 1 to 12 seats."""
    with desk.app.test_request_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        made = [
            tickets.add(
                session,
                SYSTEM,
                ticket_values(
                    title=f"Pile {number % 3}",
                    priority="urgent" if number % 2 else "low",
                    tags=["refund", "vip"] if number % 4 == 0 else [],
                    custom_fields={"seats": number + 1},
                ),
            ).id
            for number in range(ROWS)
        ]
        session.commit()
    return made


def found(desk: Desk, query: str, caller: str = "admin") -> list[int]:
    answer = desk.call("GET", f"tickets?title[contains]=Pile&limit=100&{query}", caller)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json["data"]]


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("priority=urgent", 6),
        ("priority=urgent,low", 12),
        ("priority=high", 0),
        ("tags=refund", 3),
        ("tags[contains]=refund", 3),
        ("tags=other,vip", 3),
        ("custom_fields.seats[gte]=5", 8),
        ("custom_fields.seats[gte]=5&custom_fields.seats[lte]=6", 2),
        ("custom_fields.seats=7", 1),
        ("assignee_id[empty]=1", 12),
        ("assignee_id[empty]=0", 0),
        ("created_at[gte]=2020-01-01", 12),
        ("created_at[lte]=2020-01-01T00:00:00Z", 0),
        ("updated_since=2020-01-01T00:00:00Z", 12),
        ("updated_since=2999-01-01T00:00:00Z", 0),
        ("q=pile", 12),
        ("q=nothing", 0),
        ("email=customer@example.com", 12),
    ],
)
def test_filters(desk: Desk, pile: list[int], query: str, rows: int) -> None:
    assert len(found(desk, query)) == rows


@pytest.mark.parametrize(
    "sort", ["id", "-id", "priority", "-created_at", "title", "-resolved_at", "assignee_id"]
)
def test_pages_follow_each_other_without_gap_or_repetition(desk: Desk, pile: list[int], sort: str) -> None:
    seen: list[int] = []
    cursor = ""
    for _page in range(ROWS):
        answer = desk.call("GET", f"tickets?title[contains]=Pile&sort={sort}&limit=5{cursor}")
        seen += [one["id"] for one in answer.json["data"]]
        if answer.json["next"] is None:
            break
        cursor = f"&cursor={answer.json['next']}"
    assert len(seen) == ROWS
    assert sorted(seen) == sorted(pile)
    assert seen == found(desk, f"sort={sort}")


def test_a_row_added_meanwhile_moves_no_page(desk: Desk, pile: list[int]) -> None:
    query = "tickets?title[contains]=Pile&sort=-created_at&limit=6"
    first = desk.call("GET", query).json
    body = {"email": "x@example.com", "title": "Pile new", "description": "d"}
    added = desk.call("POST", "tickets", json=body).json["id"]
    second = desk.call("GET", f"{query}&cursor={first['next']}").json
    ids = [one["id"] for one in first["data"] + second["data"]]
    assert sorted(ids) == sorted(pile)
    assert desk.call("DELETE", f"tickets/{added}").status_code == 204


def test_rows_are_counted_only_when_asked(desk: Desk, pile: list[int]) -> None:
    assert set(desk.call("GET", "tickets").json) == {"data", "next"}
    counted = desk.call("GET", "tickets?title[contains]=Pile&limit=1&total=1").json
    assert (counted["total"], counted["total_capped"], len(counted["data"])) == (ROWS, False, 1)


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("nope=1", 400, "nope"),
        ("title[nope]=1", 400, "title[nope]"),
        ("offset=5", 400, "offset"),
        ("custom_fields.nope=1", 400, "custom_fields.nope"),
        ("description[matches]=a", 400, "description[matches]"),
        ("version=1", 400, "version"),
        ("cursor=nonsense", 400, "cursor"),
        ("cursor=WzEsMiwzXQ&sort=title", 400, "cursor"),
        ("title=%00", 400, "title"),
        (f"q={'x' * 1001}", 400, "q"),
        ("status=nope", 422, "status"),
        ("custom_fields.seats[gte]=many", 422, "custom_fields.seats[gte]"),
        ("created_at[gte]=yesterdayish", 422, "created_at[gte]"),
        ("updated_since=x", 422, "updated_since"),
        ("limit=0", 422, "limit"),
        ("limit=101", 422, "limit"),
        ("limit=x", 422, "limit"),
        ("sort=nope", 422, "sort"),
        ("sort=tags", 422, "sort"),
        ("total=yes", 422, "total"),
    ],
)
def test_what_cannot_be_asked_is_named(desk: Desk, query: str, status: int, field: str) -> None:
    answer = desk.call("GET", f"tickets?{query}")
    assert answer.status_code == status, answer.text
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_a_list_without_search_or_changes_takes_no_such_word(desk: Desk) -> None:
    assert desk.call("GET", "audit_logs?q=x").status_code == 400
    assert desk.call("GET", "audit_logs?updated_since=2020-01-01").status_code == 400


def search(desk: Desk, body: Any, caller: str = "admin") -> Any:
    return desk.call("POST", "tickets/search", caller, json=body)


def test_search_by_criteria(desk: Desk, pile: list[int]) -> None:
    tree = {
        "all": [
            {"field": "title", "op": "contains", "value": "pile"},
            {"not": {"field": "priority", "op": "is", "value": "low"}},
        ]
    }
    answer = search(desk, {"criteria": tree, "total": True, "limit": 4, "sort": "id"})
    assert answer.status_code == 200, answer.text
    assert (answer.json["total"], len(answer.json["data"])) == (6, 4)
    rest = search(desk, {"criteria": tree, "limit": 4, "sort": "id", "cursor": answer.json["next"]})
    assert (len(rest.json["data"]), rest.json["next"]) == (2, None)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"nope": 1}, 400, "nope"),
        ({"criteria": {"all": [{"field": "nope", "op": "is", "value": 1}]}}, 400, "criteria.all[0].field"),
        (
            {"criteria": {"all": [{"field": "title", "op": "matches", "value": "a"}]}},
            400,
            "criteria.all[0].op",
        ),
        ({"criteria": {"any": [{"field": "status", "op": "is", "value": 5}]}}, 422, "criteria.any[0].value"),
        ({"limit": 101}, 422, "limit"),
        ({"criteria": []}, 422, "criteria"),
        ({"q": "\0"}, 422, "q"),
    ],
)
def test_a_search_that_cannot_be_is_named(desk: Desk, body: Any, status: int, field: str) -> None:
    answer = search(desk, body)
    assert answer.status_code == status, answer.text
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_a_search_finds_only_what_its_caller_may_see(desk: Desk) -> None:
    ids = [one["id"] for one in search(desk, {"limit": 100}, "agent").json["data"]]
    assert desk.ids["tickets"] in ids
    assert desk.ids["foreign_ticket"] not in ids
    assert search(desk, {}, desk.key("read_teams")).status_code == 403


@pytest.mark.parametrize("path", ["tickets?total=1&q=refund", "employees?total=1", "ticket_messages?total=1"])
def test_a_list_costs_four_statements_at_most(
    desk: Desk, pile: list[int], statements: list[str], path: str
) -> None:
    key = desk.key("read_tickets", "read_employees")
    desk.call("GET", path, key)
    for caller in ("admin", "agent", key):
        statements.clear()
        assert desk.call("GET", path, caller).status_code == 200
        assert len(statements) <= 4, statements


def test_one_row_costs_three_statements_at_most(desk: Desk, statements: list[str]) -> None:
    key = desk.key("read_tickets", "read_employees")
    desk.call("GET", f"tickets/{desk.ids['tickets']}", key)
    for caller in ("admin", "agent", key):
        statements.clear()
        assert desk.call("GET", f"tickets/{desk.ids['tickets']}", caller).status_code == 200
        assert len(statements) <= 3, statements
