"""Who may do what: every resource × every verb × five kinds of caller, against the declarations."""

from __future__ import annotations

from typing import Any

import pytest

from app import models
from app.core.declare import Can, Role
from tests.api.conftest import Desk

SERVED = {model.__tablename__: model for model in models.load() if model.resource.api}
VERBS: dict[str, tuple[str, str, Can, int]] = {
    "list": ("GET", "{table}", Can.READ, 200),
    "get": ("GET", "{table}/{id}", Can.READ, 200),
    "add": ("POST", "{table}", Can.ADD, 400),
    "edit": ("PATCH", "{table}/{id}", Can.EDIT, 400),
    "delete": ("DELETE", "{table}/{id}", Can.DELETE, 412),
}
"""Method, path, what it needs, and how it ends for who may: writes name an unknown member or an old ETag."""
CALLERS = ("admin", "agent", "key with scope", "key without", "nobody")


def offered(table: str, can: Can) -> bool:
    resource: Any = SERVED[table].resource
    some = any(can in grant.can for grant in resource.allow.values())
    return some and (can is Can.READ or bool(resource.api.write))


def granted(table: str, caller: str, can: Can) -> bool:
    grant = SERVED[table].resource.allow.get(Role(caller))
    return grant is not None and can in grant.can


def expected(table: str, verb: str, caller: str) -> int:
    _method, _path, can, allowed = VERBS[verb]
    if not offered(table, can):
        return 405
    if caller == "nobody":
        return 401
    if caller == "key without":
        return without_scope(table, verb, can)
    return allowed if caller == "key with scope" or granted(table, caller, can) else 404


def without_scope(table: str, verb: str, can: Can) -> int:
    """A key needs no scope for what is its own, and sees nothing else there."""
    own: Any = SERVED[table].resource.keys
    if own is None or can not in own.can:
        return 403
    return 200 if verb == "list" else 404


def credential(desk: Desk, table: str, verb: str, caller: str) -> str | None:
    can = VERBS[verb][2]
    word = "read" if can is Can.READ else "write"
    scopes = {
        "key with scope": (f"{word}_{table}",) if offered(table, can) else ("admin",),
        "key without": ("read_teams" if table != "teams" else "read_skillsets",),
    }
    return None if caller == "nobody" else desk.key(*scopes[caller]) if caller in scopes else caller


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("table", SERVED)
def test_who_may(desk: Desk, table: str, verb: str, caller: str) -> None:
    method, path, can, _allowed = VERBS[verb]
    options: dict[str, Any] = {"json": {"nope": 1}} if method in {"POST", "PATCH"} else {}
    if method == "DELETE":
        options["headers"] = {"If-Match": '"999"'}
    who = credential(desk, table, verb, caller)
    answer = desk.call(method, path.format(table=table, id=desk.ids[table]), who, **options)
    assert answer.status_code == expected(table, verb, caller), answer.text
    if answer.status_code >= 400:
        assert answer.mimetype == "application/problem+json"
        assert answer.json["status"] == answer.status_code
        assert answer.json["request_id"] == answer.headers["X-Request-Id"]
    if answer.status_code == 403:
        word = "read" if can is Can.READ else "write"
        assert f"{word}_{table}" in answer.json["detail"]
    if answer.status_code == 401:
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    if answer.status_code == 400:
        assert "nope" in [error["field"] for error in answer.json["errors"]]


@pytest.mark.parametrize("table", SERVED)
def test_what_is_not_there_and_what_is_no_number_is_404(desk: Desk, table: str) -> None:
    for key in ("999999", "0", "-1", "abc", "1e3", "9" * 30, "%00", "١"):
        assert desk.call("GET", f"{table}/{key}").status_code == 404, key


@pytest.mark.parametrize("table", SERVED)
def test_put_is_405_and_a_trailing_slash_leads_nowhere(desk: Desk, table: str) -> None:
    assert desk.call("PUT", f"{table}/{desk.ids[table]}", json={}).status_code == 405
    assert desk.call("GET", f"{table}/").status_code == 404


def test_an_agent_reaches_no_ticket_of_another_team(desk: Desk) -> None:
    foreign, own = desk.ids["foreign_ticket"], desk.ids["tickets"]
    assert desk.call("GET", f"tickets/{own}", "agent").status_code == 200
    paths = [f"tickets/{foreign}", f"tickets/{foreign}/history", f"tickets/{foreign}/decisions"]
    assert {desk.call("GET", path, "agent").status_code for path in paths} == {404}
    for verb, body in (("messages", {"message_body": "x"}), ("assign", {}), ("resolve", {}), ("archive", {})):
        assert desk.call("POST", f"tickets/{foreign}/{verb}", "agent", json=body).status_code == 404, verb
    listed = desk.call("GET", "tickets?limit=100", "agent").json["data"]
    assert own in [one["id"] for one in listed]
    assert foreign not in [one["id"] for one in listed]
    assert foreign in [one["id"] for one in desk.call("GET", "tickets?limit=100").json["data"]]


def test_a_hidden_member_is_neither_shown_nor_asked(desk: Desk) -> None:
    path = f"employees/{desk.ids['agent']}"
    assert "capacity" in desk.call("GET", path).json
    assert "capacity" not in desk.call("GET", path, "agent").json
    assert "effective_capacity" not in desk.call("GET", path, "agent").json
    assert desk.call("GET", "employees?capacity=20").status_code == 200
    for query in ("capacity=20", "capacity[gte]=1", "effective_capacity[gte]=1"):
        answer = desk.call("GET", f"employees?{query}", "agent")
        assert answer.status_code == 400
        assert answer.json["errors"][0]["field"] == query.split("=")[0]
    assert desk.call("GET", "employees?sort=capacity", "agent").status_code == 422


def test_secrets_are_never_shown(desk: Desk) -> None:
    employee = desk.call("GET", f"employees/{desk.ids['agent']}").json
    assert not {"password", "session_epoch", "preferences"} & set(employee)
    assert "secret" not in desk.call("GET", f"webhooks/{desk.ids['webhooks']}").json


def test_notes_need_their_scope(desk: Desk) -> None:
    note, plain = desk.ids["note"], desk.ids["ticket_messages"]
    without, with_scope = desk.key("read_tickets"), desk.key("read_tickets", "read_notes")
    assert desk.call("GET", f"ticket_messages/{plain}", without).status_code == 200
    assert desk.call("GET", f"ticket_messages/{note}", without).status_code == 404
    assert desk.call("GET", f"ticket_messages/{note}", with_scope).status_code == 200
    query = f"ticket_messages?ticket_id={desk.ids['tickets']}&total=1"
    seen, all_of_them = (desk.call("GET", query, key).json for key in (without, with_scope))
    assert note not in [one["id"] for one in seen["data"]]
    assert all_of_them["total"] > seen["total"]
