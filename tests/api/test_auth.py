"""Credentials: a key or a token as bearer, and nothing else; both end when they should."""

from __future__ import annotations

import datetime as dt

import pytest

from app import services
from app.access import SYSTEM
from app.core.clock import now
from app.core.extensions import db
from app.models.keys import ApiKey
from app.models.people import Employee
from app.record import act_as
from app.services import api_keys, login_sessions
from tests.api.conftest import PASSWORD, Desk


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer nonsense", "Bearer a.b.c", "Basic YTpi", "Bearer fd_live_x"],
)
def test_anything_else_is_nobody(desk: Desk, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    assert desk.client.get("/api/v1/teams", headers=headers).status_code == 401


def test_a_refresh_token_is_for_refreshing_only(desk: Desk) -> None:
    answer = desk.client.post(
        "/api/v1/security/login", json={"email": "agent@example.com", "password": PASSWORD}
    )
    refresh = answer.json["refresh_token"]
    assert desk.call("GET", "teams", refresh).status_code == 401
    assert desk.call("POST", "security/refresh", refresh).status_code == 200


def test_a_cookie_alone_neither_reads_nor_writes(desk: Desk) -> None:
    browser = desk.app.test_client()
    with desk.app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        admin = session.get_one(Employee, desk.ids["admin"])
        identity = login_sessions.begin(session, admin, None, "test")
        session.commit()
    with browser.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = identity, True
    assert browser.get("/profile/").status_code == 200
    assert browser.get("/api/v1/teams").status_code == 401
    assert browser.post("/api/v1/teams", json={"name": "By cookie"}).status_code == 401


def test_a_key_ends_when_it_is_revoked_or_expires(desk: Desk) -> None:
    raw = {}
    with desk.app.test_request_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        for name, ends in (("live", None), ("late", now() - dt.timedelta(seconds=1)), ("revoked", None)):
            values = {"description": name, "permissions": ["read_teams"], "expires_at": ends}
            key = services.add(session, SYSTEM, ApiKey, values)
            raw[name] = key.shown_once
            if name == "revoked":
                api_keys.revoke(session, SYSTEM, key)
        session.commit()
    status = {name: desk.call("GET", "teams", key).status_code for name, key in raw.items()}
    assert status == {"live": 200, "late": 401, "revoked": 401}


def test_the_last_use_of_a_key_is_written(desk: Desk) -> None:
    key = desk.key("read_teams", "read_customers")
    assert desk.call("GET", "teams", key).status_code == 200
    with desk.app.app_context():
        used = db.session.query(ApiKey.last_used_at).filter(ApiKey.prefix == key[:14]).scalar()
    assert used is not None


def test_many_wrong_keys_are_slowed_down(desk: Desk) -> None:
    wrong = desk.key("read_teams")[:-1] + "!"
    tries = [desk.call("GET", "teams", wrong) for _time in range(11)]
    assert {one.status_code for one in tries[:9]} == {401}
    assert tries[-1].status_code == 429
    assert int(tries[-1].headers["Retry-After"]) > 0
    assert desk.call("GET", "teams", desk.key("read_teams")).status_code == 200


def test_a_token_ends_with_the_session_epoch(desk: Desk) -> None:
    answer = desk.client.post(
        "/api/v1/security/login", json={"email": "supervisor@example.com", "password": PASSWORD}
    )
    token = answer.json["access_token"]
    assert desk.call("GET", "teams", token).status_code == 200
    with desk.app.test_request_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        employee = session.get_one(Employee, desk.ids["supervisor"])
        employee.session_epoch += 1
        session.commit()
    assert desk.call("GET", "teams", token).status_code == 401


def test_what_is_written_says_who_and_from_where(desk: Desk) -> None:
    key = desk.key("write_teams", "read_teams")
    made = desk.call("POST", "teams", key, json={"name": "By key"}, headers={"X-Request-Id": "request-12345"})
    logged = desk.call("GET", f"audit_logs?object_table=teams&object_id={made.json['id']}").json["data"][0]
    assert logged["performed_by"].startswith("key:")
    assert logged["request_id"] == "request-12345"
    assert logged["ip"] == "127.0.0.1"
