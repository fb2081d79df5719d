"""The feed of changes and the cursors of lists: nothing is missed and nothing told twice, whoever writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.core.clock import frozen, now
from app.core.extensions import db
from app.fields import Settings
from app.models.webhooks import Event
from app.services.changes import LAST, Place
from tests.api.conftest import Desk
from tests.transactions import await_others

WRITERS, EACH = 4, 12


def fetch(desk: Desk, caller: str = "admin", **arguments: Any) -> Any:
    answer = desk.call("GET", "changes", caller, query_string=arguments)
    assert answer.status_code == 200, answer.text
    return answer.json


def read_on(desk: Desk, cursor: str, caller: str = "admin", **arguments: Any) -> tuple[list[Any], str]:
    """Read until there is nothing more."""
    found: list[Any] = []
    while True:
        page = fetch(desk, caller, cursor=cursor, **arguments)
        found, cursor = found + page["data"], page["next"]
        if not page["more"]:
            return found, cursor


def happen(session: Session, name: str) -> None:
    """Write an event as a change would, and nothing that another transaction would wait for."""
    payload = {"object": {"name": name}, "actor": "system"}
    about = {"event_type": "TEAM_CREATED", "object_table": "teams", "object_id": 1, "payload": payload}
    session.execute(insert(Event.__table__).values(**about, state="done", created_at=now(), due_at=now()))


def named(events: list[Any]) -> list[str]:
    return [one["data"]["object"]["name"] for one in events if one["type"] == "TEAM_CREATED"]


@pytest.fixture
def two(desk: Desk) -> Iterator[tuple[Session, Session]]:
    """Two transactions at once."""
    with desk.app.test_request_context():
        first, second = Session(db.engine, autoflush=False), Session(db.engine, autoflush=False)
        yield first, second
        first.close()
        second.close()


def test_a_slow_transaction_is_waited_for_and_not_passed(desk: Desk, two: tuple[Session, Session]) -> None:
    slow, quick = two
    cursor = fetch(desk, start="now")["next"]
    happen(slow, "Slow")  # has the smaller number and is seen later
    happen(quick, "Quick")
    quick.commit()
    events, cursor = read_on(desk, cursor)
    assert named(events) == []
    slow.commit()
    await_others(desk.app)
    events, cursor = read_on(desk, cursor)
    assert named(events) == ["Slow", "Quick"]
    assert read_on(desk, cursor)[0] == []


def test_what_is_taken_back_is_never_told(desk: Desk, two: tuple[Session, Session]) -> None:
    undone, kept = two
    cursor = fetch(desk, start="now")["next"]
    happen(undone, "Undone")
    happen(kept, "Kept")
    kept.commit()
    undone.rollback()
    await_others(desk.app)
    assert named(read_on(desk, cursor)[0]) == ["Kept"]


def test_nothing_is_missed_or_told_twice_while_many_write(desk: Desk) -> None:
    cursor, over, found = fetch(desk, start="now")["next"], Signal(), list[Any]()
    body = {"email": "feed@example.com", "title": "Fed", "description": "d"}

    def write(writer: int) -> list[int]:
        client, headers = desk.app.test_client(), {"Authorization": f"Bearer {desk.tokens['admin']}"}
        made = [
            client.post("/api/v1/tickets", json={**body, "title": f"Fed {writer}.{number}"}, headers=headers)
            for number in range(EACH)
        ]
        return [one.json["id"] for one in made]

    def follow() -> None:
        nonlocal cursor
        while not over.is_set():
            events, cursor = read_on(desk, cursor, limit=5, type="TICKET_CREATED")
            found.extend(events)

    with ThreadPoolExecutor(WRITERS + 1) as threads:
        following = threads.submit(follow)
        try:
            written = [number for some in threads.map(write, range(WRITERS)) for number in some]
        finally:
            over.set()
        following.result()
    await_others(desk.app)
    found += read_on(desk, cursor, limit=5, type="TICKET_CREATED")[0]
    told = [one["data"]["object"]["id"] for one in found]
    assert sorted(told) == sorted(written)
    assert len({one["sequence"] for one in found}) == WRITERS * EACH


@pytest.mark.parametrize("sort", ["id", "-id", "-created_at", "title"])
def test_pages_neither_skip_nor_repeat_while_others_write(desk: Desk, sort: str) -> None:
    standing = {one["id"] for one in every_page(desk, "id")}
    over = Signal()

    def write() -> None:
        client, headers = desk.app.test_client(), {"Authorization": f"Bearer {desk.tokens['admin']}"}
        while not over.is_set():
            body = {"email": "pages@example.com", "title": "A page", "description": "d"}
            made = client.post("/api/v1/tickets", json=body, headers=headers).json
            client.delete(f"/api/v1/tickets/{made['id']}", headers=headers)

    with ThreadPoolExecutor(2) as threads:
        writing = [threads.submit(write) for _writer in range(2)]
        try:
            seen = [one["id"] for one in every_page(desk, sort)]
        finally:
            over.set()
        for one in writing:
            one.result()
    assert len(seen) == len({*seen})
    assert standing <= {*seen}


def every_page(desk: Desk, sort: str) -> list[Any]:
    found, cursor = list[Any](), ""
    while True:
        page = desk.call("GET", f"tickets?limit=7&sort={sort}{cursor}").json
        found += page["data"]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


def test_who_is_told_what(desk: Desk) -> None:
    bare, notes = desk.key("read_tickets"), desk.key("read_tickets", "read_notes")
    start = {name: fetch(desk, who, start="now")["next"] for name, who in (("bare", bare), ("notes", notes))}
    path = f"tickets/{desk.ids['tickets']}/messages"
    for internal in (True, False):
        body = {"message_body": "Words", "is_internal": internal}
        assert desk.call("POST", path, json=body).status_code == 201
    desk.call("POST", "teams", json={"name": "Told to nobody without a scope"})
    await_others(desk.app)
    told = {
        name: [one["type"] for one in read_on(desk, start[name], who)[0]]
        for name, who in (("bare", bare), ("notes", notes))
    }
    assert "TICKET_NOTE_ADDED" in told["notes"]
    assert "TICKET_NOTE_ADDED" not in told["bare"]
    assert "TICKET_REPLIED" in told["bare"]
    assert not any(kind.startswith("TEAM_") for some in told.values() for kind in some)
    assert not any(
        kind.startswith("TICKET_") for kind in types(desk, "agent")
    )  # who sees a part of them only
    assert desk.call("GET", "changes", None).status_code == 401


def types(desk: Desk, caller: str) -> set[str]:
    return {one["type"] for one in fetch(desk, caller, limit=100)["data"]}


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("nope=1", 400, "nope"),
        ("cursor=nonsense", 400, "cursor"),
        ("cursor=", 400, "cursor"),
        ("cursor=WzEsMiwzXQ&start=now", 400, "start"),
        (f"cursor={Place(-1, 1, 1).write()}", 400, "cursor"),
        (f"cursor={Place(1, LAST + 1, 1).write()}", 400, "cursor"),
        ("start=tomorrow", 422, "start"),
        ("type=TICKET_CREATED,NOPE", 422, "type"),
        ("type=", 422, "type"),
        (f"type={','.join(['TICKET_CREATED'] * 51)}", 422, "type"),
        ("limit=0", 422, "limit"),
    ],
)
def test_what_cannot_be_asked_is_named(desk: Desk, query: str, status: int, field: str) -> None:
    answer = desk.call("GET", f"changes?{query}")
    assert answer.status_code == status, answer.text
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_a_cursor_that_would_miss_something_is_refused(desk: Desk) -> None:
    with frozen(now() - dt.timedelta(days=Settings().event_days, hours=1)):
        old = Place(5, 5, int(now().timestamp())).write()
    elsewhere = Place(LAST, LAST, int(now().timestamp())).write()
    for cursor in (old, elsewhere):
        assert desk.call("GET", f"changes?cursor={cursor}").status_code == 409
