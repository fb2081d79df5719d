"""Queues: whose tickets they hold, who may see them, and what they cost."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module

import pytest
from flask.testing import FlaskClient

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
    made = [desk.ticket(f"{word} {number}") for number in range(60)]
    first = mara.get(f"/inbox/unassigned/?q={word}").text
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = mara.get(older[1].replace("&amp;", "&")).text
    numbers = [re.findall(r'id="line-(\d+)"', page) for page in (first, second)]
    assert [len(found) for found in numbers] == [50, 10]
    assert [int(number) for found in numbers for number in found] == list(reversed(made))


def test_statements_do_not_grow(desk: Desk, mara: FlaskClient, statements: list[str]) -> None:
    mara.get("/inbox/unassigned/")  # warms what a process reads once
    mara.get(f"/inbox/open/{desk.ids['refund']}")
    statements.clear()
    mara.get("/inbox/unassigned/")
    listed = len(statements)
    mara.get(f"/inbox/open/{desk.ids['refund']}")
    assert listed <= 3
    assert len(statements) - listed <= 10
