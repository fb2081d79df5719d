"""Every path that tests a secret is limited, for all processes together; a hundred at once get no further."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from redis import Redis
from werkzeug.test import TestResponse

from app.adapters import api_keys
from app.core.extensions import redis
from app.generate import limits
from tests.sign_in.conftest import PASSWORD, Door

Try = Callable[[Door, int], TestResponse]
"""One wrong try by a browser of its own; the number tells tries apart."""


def nobody(door: Door, number: int, path: str, **sent: Any) -> TestResponse:
    return door.app.test_client().post(path, environ_base={"REMOTE_ADDR": f"10.0.{number}.1"}, **sent)


def form(path: str, **data: str) -> Try:
    return lambda door, number: nobody(door, number, path, data=data)


def signed_in(path: str, **data: str) -> Try:
    """A wrong present password of an employee who is signed in, as from many addresses."""

    def try_once(door: Door, number: int) -> TestResponse:
        place = {"REMOTE_ADDR": f"10.0.{number}.1"}
        return browser_of(door).post(path, data=data, environ_base=place)

    return try_once


def browser_of(door: Door) -> FlaskClient:
    return door.app.extensions.setdefault("test_browser", door.browser("mara"))


def second_step(door: Door, number: int) -> TestResponse:
    client = door.app.test_client()
    assert door.sign_in(client, "sue").location.startswith("/login/code")
    return client.post(
        "/login/code", data={"code": "000000"}, environ_base={"REMOTE_ADDR": f"10.0.{number}.1"}
    )


def api_code(door: Door, number: int) -> TestResponse:
    sent = {"email": "sue@desk.example", "password": PASSWORD, "code": "000000"}
    return nobody(door, number, "/api/v1/security/login", json=sent)


def customer(path: str, **data: str) -> Try:
    def try_once(door: Door, number: int) -> TestResponse:
        client = door.app.extensions.get("test_customer")
        if client is None:
            client = door.app.extensions["test_customer"] = door.app.test_client()
            sent = {"email": "bob@example.com", "password": PASSWORD}
            assert client.post("/portal/sign-in", data=sent).status_code == 303
        return client.post(path, data=data, environ_base={"REMOTE_ADDR": f"10.0.{number}.1"})

    return try_once


ADA = {"email": "ada@desk.example", "password": "wrong"}
BOB = {"email": "bob@example.com", "password": "wrong"}
WRONG = {"current": "wrong", "password": "a new long sentence"}
ACCOUNTS: dict[str, Try] = {
    "SignInView.login": form("/login/", **ADA),
    "TokenApi.login": lambda door, number: nobody(door, number, "/api/v1/security/login", json=ADA),
    "TokenApi.login with a wrong code": api_code,
    "SecondStepView.code": second_step,
    "SignInView.forgot": form("/password/", email=ADA["email"]),
    "home.password": signed_in("/profile/password", **WRONG),
    "home.set_up_second_factor": signed_in("/profile/second-factor", **WRONG),
    "home.new_recovery_codes": signed_in("/profile/second-factor/codes", **WRONG),
    "home.turn_off_second_factor": signed_in("/profile/second-factor/off", **WRONG),
    "portal.enter_by_password": form("/portal/sign-in", **BOB),
    "portal.send_link": form("/portal/sign-in/link", email=BOB["email"]),
    "portal.send_password_link": form("/portal/password/", email=BOB["email"]),
    "portal.make_account": form("/portal/sign-up", name="Bob", email=BOB["email"]),
    "portal.change_password": customer("/portal/account/password", **WRONG),
}
"""Ten wrong tries for one account, wherever they come from; the eleventh is refused unheard."""


@pytest.fixture
def counting(door: Door) -> Door:
    door.enrol("sue")
    for browser in ("test_browser", "test_customer"):
        door.app.extensions.pop(browser, None)
    return door


@pytest.mark.parametrize("path", ACCOUNTS)
def test_an_account_allows_ten_wrong_tries(
    counting: Door, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.generate.evenly.EVEN", 0)
    answers = [ACCOUNTS[path](counting, number) for number in range(11)]
    assert 429 not in [answer.status_code for answer in answers[:10]]
    last = answers[10]
    assert last.status_code == 429
    assert 0 < int(last.headers["Retry-After"]) <= limits.WINDOW


ADDRESSES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a forged token": ("GET", "/api/v1/teams", {"headers": {"Authorization": "Bearer a.b.c"}}),
    "TokenApi.refresh": ("POST", "/api/v1/security/refresh", {"headers": {"Authorization": "Bearer a.b.c"}}),
    "SignInView.set_password": ("GET", "/password/x", {}),
    "SignInView.set_password by POST": ("POST", "/password/x", {"data": {"password": "x"}}),
    "portal.look_at_sign_in": ("GET", "/portal/enter/x", {}),
    "portal.enter": ("POST", "/portal/enter/x", {}),
    "portal.look_at_verification": ("GET", "/portal/verify/x", {}),
    "portal.verify": ("POST", "/portal/verify/x", {}),
    "portal.choose_password": ("GET", "/portal/password/x", {}),
    "portal.set_password": ("POST", "/portal/password/x", {"data": {"password": "x"}}),
    "portal.rate": ("GET", "/portal/rate/x", {}),
    "portal.vote": ("POST", "/portal/rate/x", {"data": {"rating": "5"}}),
}
"""Secrets that belong to no account one could name: a hundred wrong tries from one address."""


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_address_allows_a_hundred_wrong_tries(
    door: Door, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PER_ADDRESS", 3)
    method, where, sent = ADDRESSES[path]
    client = door.app.test_client()
    codes = [client.open(where, method=method, **sent).status_code for _try in range(4)]
    assert 429 not in codes[:3]
    assert codes[3] == 429
    other = client.open(where, method=method, environ_base={"REMOTE_ADDR": "10.9.9.9"}, **sent)
    assert other.status_code != 429


def test_a_hundred_is_the_limit_of_an_address(door: Door) -> None:
    client = door.app.test_client()
    codes = [
        client.post("/login/", data={"email": f"{number}@desk.example", "password": "x"}).status_code
        for number in range(101)
    ]
    assert codes == [422] * 100 + [429]


def test_a_hundred_at_once_get_no_further_than_ten(door: Door) -> None:
    def try_once(number: int) -> int:
        return ACCOUNTS["SignInView.login"](door, number % 250).status_code

    with ThreadPoolExecutor(20) as crowd:
        codes = list(crowd.map(try_once, range(100)))
    assert sorted(codes) == [422] * 10 + [429] * 90


def test_who_succeeds_is_not_counted(door: Door) -> None:
    for _time in range(12):
        assert door.browser("ada").get("/profile/").status_code == 200
    with door.app.app_context():
        counts = {key: int(redis().get(key) or 0) for key in redis().keys("frontdesk:limit:login:*")}
    assert set(counts.values()) == {0}


def test_a_closed_door_leaves_sessions_and_mailed_links_open(door: Door) -> None:
    inside = door.browser("ada")
    for number in range(11):
        answer = ACCOUNTS["SignInView.login"](door, number)
    assert answer.status_code == 429
    assert ADA["email"] in answer.text
    assert inside.get("/profile/").status_code == 200
    owner = door.browser()
    owner.post("/password/", data={"email": ADA["email"]})
    sent = owner.post(door.links(ADA["email"])[0], data={"password": "another long sentence"})
    assert (sent.status_code, sent.location) == (302, "/")
    assert owner.get("/profile/").status_code == 200


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("10.0.0.1", "10.0.0.2", False),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
    ],
)
def test_a_subscriber_of_ipv6_is_one_address(
    door: Door, monkeypatch: pytest.MonkeyPatch, first: str, second: str, together: bool
) -> None:
    monkeypatch.setattr(limits, "PER_ADDRESS", 1)
    client = door.app.test_client()
    codes = [
        client.get("/password/x", environ_base={"REMOTE_ADDR": place}).status_code
        for place in (first, second)
    ]
    assert codes == [410, 429 if together else 410]


@pytest.fixture
def without_redis(door: Door) -> Iterator[Door]:
    """The desk while its Redis is away."""
    real = door.app.extensions["frontdesk_redis"]
    door.app.extensions.pop("frontdesk_limits_alone", None)
    door.app.extensions["frontdesk_redis"] = Redis.from_url("redis://127.0.0.1:1/0", socket_timeout=0.2)
    yield door
    door.app.extensions["frontdesk_redis"] = real
    door.app.extensions.pop("frontdesk_redis_pause", None)
    door.app.extensions.pop("frontdesk_limits_alone", None)


def test_without_redis_each_process_counts_for_itself(without_redis: Door) -> None:
    codes = [ACCOUNTS["SignInView.login"](without_redis, number).status_code for number in range(12)]
    assert codes == [422] * 10 + [429] * 2
    with ThreadPoolExecutor(10) as crowd:
        bob = ACCOUNTS["portal.enter_by_password"]
        answers = list(crowd.map(lambda number: bob(without_redis, number).status_code, range(30)))
    assert sorted(answers) == [422] * 10 + [429] * 20
    assert without_redis.browser("mara").get("/profile/").status_code == 200


def test_a_count_alone_ends_with_its_window(monkeypatch: pytest.MonkeyPatch) -> None:
    alone, clock = limits.Alone(), [100.0]
    monkeypatch.setattr("app.generate.limits.time.monotonic", lambda: clock[0])
    assert [alone.count({"a": 2}) for _try in range(3)] == [0, 0, limits.WINDOW]
    clock[0] += limits.WINDOW / 3
    assert alone.count({"a": 2}) == limits.WINDOW * 2 // 3, "waiting in vain makes it no longer"
    clock[0] += limits.WINDOW
    assert alone.count({"a": 2}) == 0


def test_the_api_says_it_as_a_problem(door: Door) -> None:
    for number in range(11):
        answer = ACCOUNTS["TokenApi.login"](door, number)
    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert json.loads(answer.text)["status"] == 429


def test_a_mistyped_key_costs_no_query(door: Door, statements: list[str]) -> None:
    assert not api_keys.is_well_formed("fd_live_x")
    headers = {"Authorization": "Bearer fd_live_x"}
    assert door.app.test_client().get("/api/v1/teams", headers=headers).status_code == 401
    assert statements == []
