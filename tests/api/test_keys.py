"""A key in use: its scopes on every route, its addresses, its limit, and its end."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from redis.exceptions import ConnectionError as Away

from app import models, services
from app.access import SYSTEM
from app.core.declare import Can
from app.core.extensions import db
from app.generate.rest import rate
from app.generate.rest.api import is_served, offered
from app.models.keys import ApiKey
from app.models.scopes import options
from app.record import act_as
from tests.api.conftest import Desk

SERVED = [model for model in models.load() if is_served(model) and not model.resource.keys]
"""Without those whose own rows a key reaches whatever its scopes."""
ROUTES = [
    (model.__tablename__, can, method, path)
    for model in SERVED
    for can, method, path in (
        (Can.READ, "GET", ""),
        (Can.READ, "GET", "/{row}"),
        (Can.ADD, "POST", ""),
        (Can.EDIT, "PATCH", "/{row}"),
        (Can.DELETE, "DELETE", "/999999999"),
    )
    if can in offered(model)
]
OTHERS = {
    "ticket_messages": {
        Can.READ: {"read_tickets"},
        Can.ADD: {"write_tickets", "update_tickets", "create_ticket_messages"},
    },
    "tickets": {Can.ADD: {"create_tickets"}, Can.EDIT: {"update_tickets"}},
    "webhooks": {can: {"manage_webhooks"} for can in Can},
    "webhook_deliveries": {Can.READ: {"manage_webhooks", "replay"}, Can.EDIT: {"replay"}},
    "storage_archives": {Can.READ: {"archive"}, Can.EDIT: {"archive"}},
}
"""Scopes that open a route besides the one named after its table."""


@pytest.mark.parametrize(("table", "can", "method", "path"), ROUTES)
def test_each_scope_opens_its_own_routes_and_no_others(
    desk: Desk, table: str, can: Can, method: str, path: str
) -> None:
    named = f"{'read' if can is Can.READ else 'write'}_{table}"
    opening = {named, "admin"} | OTHERS.get(table, {}).get(can, set())
    where = table + path.format(row=desk.ids.get(table, 1))
    body = {} if method in {"GET", "DELETE"} else {"json": {"no_such_member": 1}}
    others = sorted(set(options()) - opening)
    for scopes in [others, *([scope] for scope in sorted(opening & set(options())))]:
        answer = desk.call(method, where, desk.key(*scopes), **body)
        assert (answer.status_code == 403) is (scopes is others), (scopes, answer.text)
        if scopes is others:
            assert answer.json["detail"] == f"This key lacks the scope {named}."


def key(desk: Desk, **values: Any) -> str:
    """A key of its own, whose calls nobody else makes."""
    with desk.app.test_request_context():
        act_as(db.session(), SYSTEM, source="test")
        made = services.add(
            db.session(), SYSTEM, ApiKey, {"description": "Shop", "permissions": ["read_teams"]} | values
        )
        db.session.commit()
        return str(made.shown_once)


def test_no_route_of_the_api_shows_or_makes_keys(desk: Desk) -> None:
    for method in ("GET", "POST"):
        assert desk.call(method, "api_keys", desk.key("admin")).status_code == 404


@pytest.mark.parametrize(
    ("address", "status"), [("192.0.2.9", 200), ("192.0.3.9", 403), ("2001:db8::1", 403)]
)
def test_a_call_from_another_address_is_refused_and_named(desk: Desk, address: str, status: int) -> None:
    bound = key(desk, allowed_ips=["192.0.2.0/24"])
    forged = {"X-Forwarded-For": "192.0.2.9"}
    place = {"REMOTE_ADDR": address}
    answer = desk.call("GET", "teams", bound, headers=forged, environ_base=place)
    assert answer.status_code == status
    if status == 403:
        assert answer.content_type == "application/problem+json"
        assert answer.json["detail"] == f"This key may not be used from the address {address}."


def test_the_headers_count_down_and_the_next_call_is_told_when_to_come_again(desk: Desk) -> None:
    few = key(desk, rate_limit=3)
    answers = [desk.call("GET", "teams", few) for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert [one.headers["RateLimit-Remaining"] for one in answers] == ["2", "1", "0", "0"]
    assert {one.headers["RateLimit-Limit"] for one in answers} == {"3"}
    assert all(0 < int(one.headers["RateLimit-Reset"]) <= 60 for one in answers)
    assert answers[3].headers["Retry-After"] == answers[3].headers["RateLimit-Reset"]
    assert answers[3].content_type == "application/problem+json"
    assert "3 calls a minute" in answers[3].json["detail"]


def test_refusals_and_errors_carry_the_headers_too(desk: Desk) -> None:
    bare = key(desk)
    for path, status in (("customers", 403), ("teams/999999", 404), ("teams?nonsense=1", 400)):
        answer = desk.call("GET", path, bare)
        assert answer.status_code == status
        assert answer.headers["RateLimit-Limit"] == str(desk.app.config["API_RATE_LIMIT"])


def test_employees_have_the_limit_of_the_desk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(desk.app.config, "API_RATE_LIMIT", 2)
    status = [desk.call("GET", "teams", "supervisor").status_code for _ in range(3)]
    assert status == [200, 200, 429]


def test_calls_at_once_are_never_more_than_the_limit(desk: Desk) -> None:
    few = key(desk, rate_limit=7)
    with ThreadPoolExecutor(20) as pool:
        status = list(
            pool.map(
                lambda _: (
                    desk.app.test_client()
                    .get("/api/v1/teams", headers={"Authorization": f"Bearer {few}"})
                    .status_code
                ),
                range(20),
            )
        )
    assert sorted(status) == [200] * 7 + [429] * 13


@pytest.fixture
def without_redis(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Redis is away for what limits the calls."""

    class Gone:
        def eval(self, *_words: Any) -> None:
            raise Away

    monkeypatch.setattr(rate, "redis", Gone)
    yield
    desk.app.extensions.pop("frontdesk_redis_pause", None)


def test_while_redis_is_away_calls_pass_and_nothing_is_told(desk: Desk, without_redis: None) -> None:
    few = key(desk, rate_limit=1)
    for _ in range(3):
        answer = desk.call("GET", "teams", few)
        assert answer.status_code == 200
        assert "RateLimit-Limit" not in answer.headers


def test_a_key_is_rotated_by_command_with_an_overlap(desk: Desk) -> None:
    run = desk.app.test_cli_runner().invoke
    made = run(args=["keys", "create", "--description", "Rotated", "--scopes", "read_teams"]).output
    number, old = made.split()[1], made.split()[-1]
    first = run(args=["keys", "rotate", number, "--overlap", "1"])
    assert first.exit_code == 0, first.output
    assert "works for 1 more hours" in first.output
    fresh = first.output.split()[-1]
    assert {desk.call("GET", "teams", key).status_code for key in (old, fresh)} == {200}
    again = run(args=["keys", "rotate", number])
    assert (again.exit_code, "replaces it already" in again.output) == (1, True)
    second = run(args=["keys", "rotate", first.output.split()[1], "--overlap", "0"])
    assert second.exit_code == 0, second.output
    told = [desk.call("GET", "teams", key).status_code for key in (old, fresh, second.output.split()[-1])]
    assert told == [200, 401, 200]
    assert run(args=["keys", "rotate", "999999"]).exit_code == 1
    assert run(args=["keys", "revoke", first.output.split()[1]]).exit_code == 1
