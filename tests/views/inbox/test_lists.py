"""Queues: whose tickets they hold, who may see them, and what they cost."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module

import pytest
from flask.testing import FlaskClient

from app.access import SYSTEM
from app.core.extensions import db
from app.models.views import SavedView
from app.record import act_as
from tests.views.inbox.conftest import Desk


@pytest.mark.parametrize(
    ("view", "holds"),
    [
        ("mine", {"refund"}),
        ("unassigned", {"free"}),
        ("open", {"refund", "free"}),
        ("open/?q=refund", {"refund"}),
        ("mine/?q=nobody", set()),
        ("mine/?state=pending", set()),
        ("mine/?state=all", {"refund"}),
        ("pending", set()),
        ("resolved", set()),
    ],
)
def test_a_queue_holds_its_tickets(desk: Desk, mara: FlaskClient, view: str, holds: set[str]) -> None:
    page = mara.get(f"/inbox/{view}", follow_redirects=True).text
    shown = {name for name in ("refund", "legal", "free") if f'id="line-{desk.ids[name]}"' in page}
    assert shown == holds


def test_a_number_finds_its_ticket(desk: Desk, mara: FlaskClient) -> None:
    page = mara.get(f"/inbox/open/?q=%23{desk.ids['free']}").text
    assert f'id="line-{desk.ids["free"]}"' in page
    assert f'id="line-{desk.ids["refund"]}"' not in page


def test_a_team_has_a_queue_for_its_members_only(desk: Desk, enter: Callable[[str], FlaskClient]) -> None:
    legal = f"/inbox/team-{desk.ids['Legal']}/"
    assert enter("mara").get(legal).status_code == 404
    assert "A letter of a lawyer" in enter("ada").get(legal).text


@pytest.fixture(scope="module")
def views(desk: Desk) -> dict[str, int]:
    """Views of tickets: shared ones, one that no longer makes sense in part, and somebody else's."""
    kept = {
        "refunds": {"query": "q=refund", "shared": True},
        "high": {"query": "priority=high&nonsense=1&sort=title", "shared": True},
        "teams": {"query": "", "shared": True, "object_table": "teams"},
        "toms": {"query": "", "owner_id": desk.ids["tom"]},
        "maras": {"query": "assignee_id[empty]=1", "owner_id": desk.ids["mara"]},
    }
    with desk.app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        rows = {
            name: SavedView(**{"name": name, "object_table": "tickets"} | one) for name, one in kept.items()
        }
        db.session.add_all(rows.values())
        db.session.commit()
        return {name: row.id for name, row in rows.items()}


@pytest.mark.parametrize(
    ("name", "holds"),
    [("refunds", {"refund"}), ("high", {"refund"}), ("maras", {"free"}), ("toms", None), ("teams", None)],
)
def test_a_saved_view_of_tickets_is_a_queue_of_who_is_offered_it(
    desk: Desk, mara: FlaskClient, views: dict[str, int], name: str, holds: set[str] | None
) -> None:
    url = f"/inbox/view-{views[name]}/"
    answer = mara.get(url)
    shown = {one for one in ("refund", "legal", "free") if f'id="line-{desk.ids[one]}"' in answer.text}
    assert (answer.status_code, shown) == ((404, set()) if holds is None else (200, holds))
    assert (f'href="{url}"' in mara.get("/inbox/mine/").text) is (holds is not None)


def test_a_saved_view_is_narrowed_down_and_opens_tickets(
    desk: Desk, mara: FlaskClient, views: dict[str, int], statements: list[str]
) -> None:
    base = f"/inbox/view-{views['refunds']}/"
    assert f'id="line-{desk.ids["refund"]}"' not in mara.get(f"{base}?state=resolved").text
    assert f'href="{base}{desk.ids["refund"]}"' in mara.get(base).text
    assert mara.get(f"{base}{desk.ids['refund']}").status_code == 200
    statements.clear()
    mara.get(f"/inbox/view-{views['high']}/")
    assert len(statements) <= 4


def test_anothers_ticket_is_not_there(desk: Desk, mara: FlaskClient) -> None:
    absent = mara.get("/inbox/open/999999")
    for number in (desk.ids["legal"], 10**30):
        answer = mara.get(f"/inbox/open/{number}")
        assert (answer.status_code, len(answer.text)) == (404, len(absent.text))


@pytest.mark.parametrize("path", ["/inbox/", "/inbox/mine/", "/inbox/open/1"])
def test_a_visitor_is_asked_to_sign_in(desk: Desk, path: str) -> None:
    answer = desk.app.test_client().get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/?next=")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nope/", 404),
        ("team-x/", 404),
        ("mine/?state=odd", 404),
        ("mine/?cursor=odd", 422),
        ("mine/?q=%00", 200),
    ],
)
def test_an_odd_address_is_answered(mara: FlaskClient, path: str, status: int) -> None:
    assert mara.get(f"/inbox/{path}").status_code == status


@pytest.mark.parametrize(("word", "few"), [("printer", 1000), ("scanner", 5)], ids=["rare", "common"])
def test_pages_follow_each_other_without_gap(
    desk: Desk, mara: FlaskClient, word: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("app.services.finding"), "FEW", few)
    made = [desk.ticket(f"{word} {number}") for number in range(40)]
    first = mara.get(f"/inbox/unassigned/?q={word}").text
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = mara.get(older[1].replace("&amp;", "&")).text
    numbers = [re.findall(r'id="line-(\d+)"', page) for page in (first, second)]
    assert [len(found) for found in numbers] == [30, 10]
    assert [int(number) for found in numbers for number in found] == list(reversed(made))


def test_statements_do_not_grow(desk: Desk, mara: FlaskClient, statements: list[str]) -> None:
    mara.get("/inbox/unassigned/")  # warms what a process reads once
    mara.get(f"/inbox/open/{desk.ids['refund']}")
    statements.clear()
    mara.get("/inbox/unassigned/")
    listed = len(statements)
    mara.get(f"/inbox/open/{desk.ids['refund']}")
    assert listed <= 4
    assert len(statements) - listed <= 10
