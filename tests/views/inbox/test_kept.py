"""Saved views in the inbox: the rows of their list in its order, page by page, and how many wait there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from importlib import import_module
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access import SYSTEM
from app.core.clock import now
from app.core.extensions import db
from app.models.tickets import Priority, Status, Ticket
from app.models.views import SavedView
from app.record import act_as
from tests.views.inbox.conftest import Desk

COUNT = 64
SORTS = ("created_at", "title", "priority", "status", "last_activity_at", "resolved_at", "assignee_id", "id")
FILTERS: dict[str, tuple[str, ...]] = {
    "priority": ("low", "high,urgent"),
    "status": ("new,open", "resolved"),
    "assignee_id[empty]": ("1",),
    "tags": ("fruit",),
    "criteria": (
        '{"any":[{"field":"priority","op":"is","value":"low"},{"field":"id","op":"gte","value":20}]}',
    ),
}
QUERIES = st.fixed_dictionaries(
    {"sort": st.sampled_from([*SORTS, *(f"-{name}" for name in SORTS)])},
    optional={
        **{name: st.sampled_from(values) for name, values in FILTERS.items()},
        "q": st.just("pear"),
        "nonsense": st.just("1"),
    },
)


@pytest.fixture(scope="module")
def orchard(desk: Desk) -> Desk:
    """Tickets of all sorts, several of which are alike in what they are sorted by."""
    made = [desk.ticket(f"{('apple', 'pear', 'plum')[n % 3]} {n // 5}") for n in range(COUNT)]
    with desk.app.app_context():
        for n, number in enumerate(made):
            row = db.session.get_one(Ticket, number)
            row.priority, row.status = [*Priority][n % 4], [*Status][n % 5]
            row.tags = ["Fruit"] if n % 2 else []
            row.resolved_at = now() if n % 5 > 2 else None
            row.archived_at = now() if n % 10 == 9 else None
            row.assignee_id = desk.ids["mara"] if n % 7 == 0 else None
        act_as(db.session(), SYSTEM, source="test")
        db.session.commit()
    return desk


@pytest.fixture
def keep(desk: Desk) -> Iterator[Callable[[str], int]]:
    """A way to keep a view that everybody is offered; it is gone after the test."""
    kept: list[int] = []

    def add(query: str) -> int:
        with desk.app.app_context():
            act_as(db.session(), SYSTEM, source="test")
            view = SavedView(name=f"a{len(kept)}", object_table="tickets", query=query, shared=True)
            db.session.add(view)
            db.session.commit()
            kept.append(view.id)
            return view.id

    yield add
    with desk.app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        for number in kept:
            db.session.delete(db.session.get_one(SavedView, number))
        db.session.commit()


def walk(client: FlaskClient, url: str, row: str) -> list[int]:
    """Return the tickets of all pages of a list, from its first page on."""
    found: list[int] = []
    for _page in range(10):
        page = client.get(url).text
        found += [int(number) for number in re.findall(row, page)]
        following = re.search(r'<a [^>]*rel="next"[^>]*>', page)
        if following is None:
            return found
        url = unescape(re.search(r'href="([^"]+)"', following[0])[1])  # type: ignore[index]
    raise AssertionError("pages without end")


def in_inbox(client: FlaskClient, view: int) -> list[int]:
    return walk(client, f"/inbox/view-{view}/", r'id="line-(\d+)"')


def in_list(client: FlaskClient, view: int) -> list[int]:
    return walk(client, f"/admin/tickets/list/?view={view}", r'name="id" value="(\d+)\.')


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUERIES)
def test_a_view_holds_the_rows_of_its_list_in_its_order(
    orchard: Desk, mara: FlaskClient, keep: Callable[[str], int], query: dict[str, str]
) -> None:
    view = keep(urlencode(query))
    assert in_inbox(mara, view) == in_list(mara, view)


def test_a_view_of_everything_has_pages(orchard: Desk, mara: FlaskClient, keep: Callable[[str], int]) -> None:
    found = in_inbox(mara, keep("sort=title"))
    assert len(found) == len(set(found)) >= COUNT
    assert found == in_list(mara, keep("sort=title"))


def test_what_is_too_much_to_sort_is_said(
    orchard: Desk, mara: FlaskClient, keep: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("app.generate.orders"), "MOST", 5)
    view, usual = keep("sort=title"), keep("")
    page = mara.get(f"/inbox/view-{view}/").text
    assert "narrow the list down to sort it by Subject" in page
    assert in_inbox(mara, view) == in_inbox(mara, usual) == in_list(mara, usual)


def figure(client: FlaskClient, view: int) -> str:
    page = client.get("/inbox/mine/").text
    item = re.search(rf'<a class="nav-item" href="/inbox/view-{view}/".*?</a>', page)
    assert item is not None
    count = re.search(r'class="count[^"]*">([^<]*)<', item[0])
    return count[1] if count else ""


@pytest.mark.parametrize(
    ("query", "state"),
    [
        ("", ""),
        ("priority=low", ""),
        ("status=pending", "pending"),
        ("status=resolved", None),
        ("assignee_id[empty]=1&sort=title", ""),
        ("tags=fruit", ""),
    ],
)
def test_a_view_says_how_many_of_its_tickets_are_somebodys_work(
    orchard: Desk, mara: FlaskClient, keep: Callable[[str], int], query: str, state: str | None
) -> None:
    view = keep(query)
    with orchard.app.app_context():
        rows = {row.id: row for row in db.session.query(Ticket)}
    active = [one for one in in_list(mara, view) if rows[one].is_active and rows[one].archived_at is None]
    assert figure(mara, view) == (str(len(active)) if active else "")
    assert bool(active) is (state is not None)


@pytest.mark.parametrize("query", ["q=pear", 'criteria={"field":"title","op":"contains","value":"pear"}'])
def test_what_is_dear_to_count_is_not(
    orchard: Desk, mara: FlaskClient, keep: Callable[[str], int], query: str
) -> None:
    assert figure(mara, keep(query)) == ""


def test_counting_ends_and_says_so(
    orchard: Desk, mara: FlaskClient, keep: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    view = keep("status=new,open,pending")
    monkeypatch.setattr(import_module("app.services.inbox.views"), "AMONG", 9)
    assert figure(mara, view) == "10+"


def test_all_views_are_counted_by_one_statement(
    orchard: Desk, mara: FlaskClient, keep: Callable[[str], int], statements: list[str]
) -> None:
    mara.get("/inbox/mine/")
    statements.clear()
    mara.get("/inbox/mine/")
    without = len(statements)
    for query in ("priority=low", "status=open", "assignee_id[empty]=1"):
        keep(query)
    view = keep("priority=high&sort=title")
    mara.get("/inbox/mine/")  # each process reads the views that are new, once
    for address, most in (
        ("mine/", without + 1),
        (f"view-{view}/", without + 1),
        (f"view-{view}/{orchard.ids['refund']}", 10),
    ):
        statements.clear()
        assert mara.get(f"/inbox/{address}").status_code == 200
        assert len(statements) <= most
