"""Saved views by REST: one's own and the shared ones, shared only by who may edit those of all."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Desk

URGENT = {"name": "Mine", "object_table": "tickets", "query": "priority=urgent"}


@pytest.fixture(scope="module")
def views(desk: Desk) -> dict[str, int]:
    """A view of each, private; and a shared one."""
    made = {
        who: desk.call("POST", "saved_views", who, json=URGENT).json["id"] for who in ("agent", "supervisor")
    }
    shared = desk.call("POST", "saved_views", "supervisor", json=URGENT | {"name": "Ours", "shared": True})
    assert shared.status_code == 201, shared.text
    return made | {"shared": shared.json["id"]}


@pytest.mark.parametrize(
    ("who", "seen"),
    [("agent", {"agent", "shared"}), ("supervisor", {"agent", "supervisor", "shared"})],
)
def test_own_and_shared_views_are_read(desk: Desk, views: dict[str, int], who: str, seen: set[str]) -> None:
    told = {row["id"] for row in desk.call("GET", "saved_views", who).json["data"]}
    assert {name for name, number in views.items() if number in told} == seen
    answers = {
        name: desk.call("GET", f"saved_views/{number}", who).status_code for name, number in views.items()
    }
    assert {name for name, status in answers.items() if status == 200} == seen


def test_a_view_is_its_writer_s(desk: Desk, views: dict[str, int]) -> None:
    view = desk.call("GET", f"saved_views/{views['agent']}", "agent").json
    assert {name: view[name] for name in (*URGENT, "shared", "owner_id")} == URGENT | {
        "shared": False,
        "owner_id": desk.ids["agent"],
    }


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"shared": True}, "shared"),
        ({"object_table": "teams"}, "object_table"),
        ({"owner_id": 1}, "owner_id"),
    ],
    ids=str,
)
def test_what_a_writer_may_not_say_is_refused_with_its_name(
    desk: Desk, views: dict[str, int], body: dict[str, Any], field: str
) -> None:
    answer = desk.call("PATCH", f"saved_views/{views['agent']}", "agent", json=body)
    assert answer.status_code in {400, 422}
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_another_s_view_is_changed_by_nobody_without_the_grant(desk: Desk, views: dict[str, int]) -> None:
    for name, status in (("shared", 403), ("supervisor", 404)):
        answer = desk.call("PATCH", f"saved_views/{views[name]}", "agent", json={"name": "Theirs"})
        assert answer.status_code in {status, 404}, answer.text
    assert (
        desk.call("PATCH", f"saved_views/{views['agent']}", "agent", json={"name": "Better"}).status_code
        == 200
    )
