"""Writes: merge patch, ETags, what is refused and how, and verbs."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from sqlalchemy import select

from app.core.extensions import db, redis
from app.generate.rest.calls import LIST
from app.models.idempotency import IdempotencyKey
from tests.api.conftest import TICKET, Desk, fields


def add(desk: Desk, caller: str = "admin", **more: Any) -> Any:
    answer = desk.call("POST", "tickets", caller, json={**TICKET, **more})
    assert answer.status_code == 201, answer.text
    return answer


def test_what_is_added_is_answered_and_found_where_it_says(desk: Desk) -> None:
    made = add(desk, tags=["a"], custom_fields={"seats": 3})
    assert made.headers["Location"] == f"/api/v1/tickets/{made.json['id']}"
    read = desk.call("GET", made.headers["Location"].removeprefix("/api/v1/"))
    assert read.json == made.json
    assert read.headers["ETag"] == made.headers["ETag"]
    assert read.headers["ETag"].startswith('"1-')
    assert (read.json["tags"], read.json["custom_fields"]["seats"]) == (["a"], 3)


def test_a_patch_changes_what_is_given_and_null_empties(desk: Desk) -> None:
    made = add(desk, language="de", custom_fields={"seats": 3})
    path = f"tickets/{made.json['id']}"
    later = desk.call("PATCH", path, json={"title": "New"}, content_type="application/merge-patch+json")
    assert (later.json["title"], later.json["language"]) == ("New", "de")
    assert later.json["custom_fields"]["seats"] == 3
    later = desk.call("PATCH", path, json={"language": None, "custom_fields": {"seats": None}})
    assert (later.json["language"], later.json["custom_fields"]["seats"]) == (None, None)


def test_a_stale_write_is_refused_with_the_version_now(desk: Desk) -> None:
    made = add(desk)
    path, seen = f"tickets/{made.json['id']}", {"If-Match": made.headers["ETag"]}
    assert desk.call("PATCH", path, json={"title": "First"}, headers=seen).status_code == 200
    for method, where, body in (
        ("PATCH", path, {"title": "Second"}),
        ("POST", f"{path}/resolve", None),
        ("DELETE", path, None),
    ):
        refused = desk.call(method, where, headers=seen, **({"json": body} if body else {}))
        assert (refused.status_code, refused.json["version"]) == (412, 2)
    assert desk.call("GET", path).json["title"] == "First"
    assert desk.call("PATCH", path, json={"title": "Third"}, headers={"If-Match": "*"}).status_code == 200
    assert desk.call("DELETE", path, headers={"If-Match": '"3", "9"'}).status_code == 204


@pytest.mark.parametrize("seen", ['""', "garbage", "W/", ";"])
def test_an_etag_that_is_none_is_refused_as_stale(desk: Desk, seen: str) -> None:
    path = f"tickets/{add(desk).json['id']}"
    answer = desk.call("PATCH", path, json={"title": "x"}, headers={"If-Match": seen})
    assert (answer.status_code, desk.call("GET", path).json["title"]) == (412, TICKET["title"])


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        ({"nope": 1}, 400, ["nope"]),
        ({"id": 7}, 400, ["id"]),
        ({"created_at": "2020-01-01T00:00:00Z"}, 400, ["created_at"]),
        ({"customer_id": 1}, 400, ["customer_id"]),
        ({"custom_fields": {"nope": 1}}, 400, ["custom_fields.nope"]),
        ({"nope": 1, "status": "x"}, 400, ["nope", "status"]),
        ({"status": "x"}, 422, ["status"]),
        ({"title": ""}, 422, ["title"]),
        ({"title": None}, 422, ["title"]),
        ({"title": "x" * 201}, 422, ["title"]),
        ({"title": "a\0b"}, 422, ["title"]),
        ({"title": 5}, 422, ["title"]),
        ({"email": "nobody"}, 422, ["email"]),
        ({"tags": "a"}, 422, ["tags"]),
        ({"custom_fields": {"seats": 0}}, 422, ["custom_fields.seats"]),
        ({"custom_fields": {"seats": "5"}}, 422, ["custom_fields.seats"]),
        ({"custom_fields": 5}, 422, ["custom_fields"]),
        ({"team_id": 999999}, 422, ["team_id"]),
        ({"assignee_id": 10**30}, 422, ["assignee_id"]),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    desk: Desk, body: dict[str, Any], status: int, named: list[str]
) -> None:
    path = f"tickets/{desk.ids['resolved']}"
    before = desk.call("GET", path)
    answer = desk.call("PATCH", path, json=body)
    assert answer.status_code == status, answer.text
    assert sorted(fields(answer)) == named
    assert all(error["message"] for error in answer.json["errors"])
    assert desk.call("GET", path).json == before.json
    assert desk.call("POST", "tickets", json={**TICKET, **body}).status_code == status


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b"[1]", "application/json", 400),
        (b'{"title": NaN}', "application/json", 400),
        (b'{"title": "\xff"}', "application/json", 400),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "application/json", 400),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "application/json", 400),
        (b"title=x", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b" " * (1024 * 1024 + 1), "application/json", 413),
    ],
)
def test_bodies_that_are_no_object(desk: Desk, data: bytes, kind: str, status: int) -> None:
    for method, path in (("POST", "tickets"), ("PATCH", f"tickets/{desk.ids['tickets']}")):
        answer = desk.call(method, path, data=data, content_type=kind)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text


def test_a_reference_must_lead_where_its_writer_may_look(desk: Desk) -> None:
    path, key = f"tickets/{desk.ids['tickets']}", desk.key("read_tickets", "update_tickets")
    for method, where in (("PATCH", path), ("POST", f"{path}/assign")):
        refused = desk.call(method, where, key, json={"team_id": desk.ids["hidden_team"]})
        assert (refused.status_code, fields(refused)) == (422, ["team_id"])
    foreign = {"ticket_id": desk.ids["foreign_ticket"], "message_body": "x"}
    assert desk.call("POST", "ticket_messages", "agent", json=foreign).status_code == 422


def test_the_life_of_a_ticket(desk: Desk) -> None:
    made = add(desk)
    path = f"tickets/{made.json['id']}"
    given = desk.call(
        "POST", f"{path}/assign", json={"team_id": desk.ids["teams"], "assignee_id": desk.ids["agent"]}
    )
    assert (given.status_code, given.json["assignee_id"]) == (200, desk.ids["agent"])
    assert (
        desk.call("POST", f"{path}/assign", json={"team_id": None}).json["assignee_id"] == desk.ids["agent"]
    )
    said = desk.call("POST", f"{path}/messages", json={"message_body": "Hello"})
    assert (said.status_code, said.json["is_internal"]) == (201, False)
    assert said.headers["Location"] == f"/api/v1/ticket_messages/{said.json['id']}"
    assert desk.call("GET", path).json["status"] == "open"
    assert desk.call("POST", f"{path}/resolve").json["status"] == "resolved"
    assert desk.call("POST", f"{path}/resolve").status_code == 409
    assert desk.call("POST", f"{path}/reopen", json={}).json["status"] == "open"
    assert desk.call("POST", f"{path}/archive").status_code == 409
    assert desk.call("POST", f"{path}/resolve").status_code == 200
    archive = desk.call("POST", f"{path}/archive")
    assert (archive.status_code, archive.json["ticket_id"]) == (201, made.json["id"])
    assert desk.call("PATCH", path, json={"title": "x"}).status_code == 409
    back = desk.call("POST", f"storage_archives/{archive.json['id']}/restore")
    assert (back.status_code, back.json["description"]) == (200, "Text")
    told = [one["changes"] for one in desk.call("GET", f"{path}/history").json["data"]]
    assert {"old": "open", "new": "resolved"} in [changes.get("status") for changes in told]
    decisions = desk.call("GET", f"{path}/decisions").json["data"]
    assert [one["event"] for one in decisions] == ["created"]


def test_two_tickets_become_one(desk: Desk) -> None:
    one, other = (add(desk) for _ in range(2))
    path, into = f"tickets/{one.json['id']}/merge", {"merged_into_id": other.json["id"]}
    old = {"If-Match": '"0-0"'}
    assert desk.call("POST", path, json=into, headers=old).status_code == 412
    key = {"Idempotency-Key": "merge-once"}
    merged = desk.call("POST", path, json=into, headers=key)
    assert (merged.status_code, merged.json["id"]) == (200, other.json["id"])
    assert desk.call("POST", path, json=into, headers=key).headers["Idempotency-Replayed"] == "true"
    assert desk.call("POST", path, json=into).status_code == 409
    closed = desk.call("GET", f"tickets/{one.json['id']}").json
    assert (closed["status"], closed["merged_into_id"]) == ("closed", other.json["id"])
    (said,) = desk.call("GET", f"ticket_messages?ticket_id={other.json['id']}").json["data"]
    assert (said["message_body"], said["sender_type"]) == ("Text", "customer")
    told = [
        entry["changes"] for entry in desk.call("GET", f"tickets/{other.json['id']}/history").json["data"]
    ]
    assert {"merged_from": {"old": None, "new": one.json["id"]}} in told


@pytest.mark.parametrize(
    ("caller", "body", "status", "field"),
    [
        ("admin", {}, 422, "merged_into_id"),
        ("admin", {"merged_into_id": None}, 422, "merged_into_id"),
        ("admin", {"merged_into_id": "five"}, 422, "merged_into_id"),
        ("admin", {"merged_into_id": 10**9}, 422, "merged_into_id"),
        ("agent", {"merged_into_id": "foreign_ticket"}, 422, "merged_into_id"),
        ("admin", {"into": 5}, 400, "into"),
    ],
)
def test_a_merge_names_a_ticket_one_may_change(
    desk: Desk, caller: str, body: dict[str, Any], status: int, field: str
) -> None:
    path = f"tickets/{add(desk, caller).json['id']}/merge"
    named = {name: desk.ids.get(value, value) for name, value in body.items()}
    refused = desk.call("POST", path, caller, json=named)
    assert (refused.status_code, fields(refused)) == (status, [field])


def test_a_verb_refuses_what_it_does_not_take(desk: Desk) -> None:
    path = f"tickets/{add(desk).json['id']}"
    assert fields(desk.call("POST", f"{path}/resolve", json={"why": "x"})) == ["why"]
    assert fields(desk.call("POST", f"{path}/messages", json={"message_body": "x", "ticket_id": 1})) == [
        "ticket_id"
    ]
    assert fields(desk.call("POST", f"{path}/messages", json={})) == ["message_body"]
    assert desk.call("GET", f"{path}/resolve").status_code == 405
    assert desk.call("POST", f"{path}/nope").status_code == 404


def test_named_scopes(desk: Desk) -> None:
    path = f"tickets/{desk.ids['resolved']}"
    for scopes, verb, named in (
        (("read_tickets", "update_tickets"), "archive", "archive"),
        (("read_tickets",), "resolve", "write_tickets"),
        (("create_tickets",), "resolve", "write_tickets"),
    ):
        answer = desk.call("POST", f"{path}/{verb}", desk.key(*scopes))
        assert answer.status_code == 403
        assert named in answer.json["detail"]
    note = {"message_body": "x", "is_internal": True}
    answer = desk.call("POST", f"{path}/messages", desk.key("read_tickets", "update_tickets"), json=note)
    assert answer.status_code == 403
    assert "read_notes" in answer.json["detail"]
    wide = desk.key("read_tickets", "update_tickets", "read_notes")
    assert desk.call("POST", f"{path}/messages", wide, json=note).status_code == 201
    replay = f"webhook_deliveries/{desk.ids['webhook_deliveries']}/replay"
    assert desk.call("POST", replay, desk.key("manage_webhooks")).status_code == 403
    assert desk.call("POST", replay, desk.key("replay")).status_code == 202


def test_a_new_webhook_tells_its_shown_once(desk: Desk) -> None:
    body = {"url": "https://127.0.0.1/new", "event_types": ["TICKET_CREATED"]}
    made = desk.call("POST", "webhooks", desk.key("manage_webhooks"), json=body)
    assert made.status_code == 201, made.text
    assert made.json["secret"].startswith("whsec_")
    assert "secret" not in desk.call("GET", f"webhooks/{made.json['id']}").json


def test_a_call_is_noted_without_what_is_personal(desk: Desk) -> None:
    with desk.app.app_context():
        redis().delete(LIST)
    key = desk.key("create_tickets")
    body = {**TICKET, "priority": "high", "custom_fields": {"seats": 3}, "status": "private words"}
    answer = desk.call("POST", "tickets", key, json=body)
    assert answer.status_code == 422
    desk.client.post("/api/v1/security/login", json={"email": "a@example.com", "password": "hunter2"})
    with desk.app.app_context():
        raw = redis().lrange(LIST, 0, -1)
    assert not any(
        word in b"".join(raw) for word in (b"new@example.com", b"private words", b"hunter2", b"Text")
    )
    call, login = map(orjson.loads, raw)
    hidden = "[redacted]"
    assert call["request_payload"] == {
        "email": hidden,
        "title": hidden,
        "description": hidden,
        "priority": "high",
        "custom_fields": hidden,
        "status": hidden,
    }
    assert (call["method"], call["endpoint_accessed"]) == ("POST", "/api/v1/tickets")
    assert (call["response_code"], call["request_id"]) == (422, answer.headers["X-Request-Id"])
    assert call["api_key_id"] > 0
    assert (login["api_key_id"], login["request_payload"]) == (None, None)


def test_a_secret_shown_once_is_not_kept_in_clear(desk: Desk) -> None:
    key = {"Idempotency-Key": "a-secret-answer"}
    body = {"url": "https://127.0.0.1/secret", "event_types": ["*"]}
    first, again = (desk.call("POST", "webhooks", json=body, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json["secret"] == first.json["secret"]
    with desk.app.app_context():
        kept = db.session.scalar(select(IdempotencyKey.body).where(IdempotencyKey.key == "a-secret-answer"))
    assert kept
    assert first.json["secret"].encode() not in kept
