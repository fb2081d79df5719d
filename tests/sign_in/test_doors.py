"""The doors of both worlds: equal answers, cookies that stay where they belong, no form without its token."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import create_app
from app.adapters import passwords
from app.core.extensions import db
from app.models.customers import Customer
from app.models.people import Employee
from config import settings
from tests.sign_in.conftest import PASSWORD, Door

WRONG = "a wrong password"
DOORS: dict[str, tuple[str, str, dict[str, str]]] = {
    "sign-in": ("/login/", "desk.example", {"password": WRONG}),
    "reset": ("/password/", "desk.example", {}),
    "portal sign-in": ("/portal/sign-in", "example.com", {"password": WRONG}),
    "portal link": ("/portal/sign-in/link", "example.com", {}),
    "portal reset": ("/portal/password/", "example.com", {}),
    "portal sign-up": ("/portal/sign-up", "example.com", {"name": "Somebody"}),
}


def told(answer: TestResponse, email: str) -> tuple[Any, ...]:
    """What an answer tells, but for the address that was typed and what is random."""
    page = re.sub(r'(name="csrf[_-]token" (?:value|content)=)"[^"]*"', r"\1", answer.text)
    page = page.replace(email, "ADDRESS")
    cookies = sorted(re.sub(r"=[^;]*;", "=;", one, count=1) for one in answer.headers.getlist("Set-Cookie"))
    names = sorted(name for name, _value in answer.headers if name not in {"X-Request-Id", "Content-Length"})
    return answer.status_code, page, cookies, names


@pytest.mark.parametrize("name", DOORS)
def test_known_unknown_and_inactive_are_answered_alike(
    door: Door, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.generate.evenly.EVEN", 0)
    path, host, more = DOORS[name]
    people = ("ada", "ina", "nobody") if host == "desk.example" else ("bob", "nobody")
    answers = []
    for person in people:
        email = f"{person}@{host}"
        client = door.app.test_client()
        answers.append(told(client.post(path, data={"email": email} | more), email))
    assert answers == [answers[0]] * len(people)


def test_tokens_are_refused_alike(door: Door) -> None:
    answers = []
    for person in ("ada", "ina", "nobody"):
        sent = {"email": f"{person}@desk.example", "password": WRONG}
        answer = door.app.test_client().post("/api/v1/security/login", json=sent)
        answers.append((answer.status_code, {**answer.json, "request_id": ""}))
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("path", ["/login/", "/portal/sign-in"])
@pytest.mark.parametrize("email", ["ada\0@desk.example", "x" * 100_000, "\ud800@desk.example"])
def test_no_address_breaks_the_door(door: Door, path: str, email: str) -> None:
    sent = {"email": email.encode("utf-8", "surrogatepass"), "password": "x"}
    assert door.app.test_client().post(path, data=sent).status_code == 422


@pytest.mark.parametrize("name", ["email", "password"])
@pytest.mark.parametrize("value", ["\0", "\ud800", "x" * 500_000])
def test_no_text_breaks_the_token_api(door: Door, name: str, value: str) -> None:
    sent = {"email": "ada@desk.example", "password": WRONG} | {name: value}
    assert door.app.test_client().post("/api/v1/security/login", json=sent).status_code == 401


def test_a_password_of_another_cost_is_hashed_anew(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    dear = passwords.PasswordHasher(memory_cost=8 * 1024, time_cost=3, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", dear)
    door.browser("mara")
    sent = {"email": "bob@example.com", "password": PASSWORD}
    assert door.app.test_client().post("/portal/sign-in", data=sent).status_code == 303
    with door.app.app_context():
        kept = [
            db.session.get_one(Employee, door.numbers["mara"]).password,
            db.session.scalars(select(Customer.password_hash).where(Customer.name == "Bob")).one(),
            db.session.get_one(Employee, door.numbers["ada"]).password,
        ]
    assert ["m=8192,t=3" in one for one in kept] == [True, True, False]
    assert door.browser("mara").get("/profile/").status_code == 200


@pytest.mark.parametrize(
    "new", ["Mara", "mara@desk.example", "MARA@DESK.EXAMPLE", "password", "short", "x" * 257]
)
def test_a_new_password_that_will_not_do_is_told(door: Door, new: str) -> None:
    client = door.browser("mara")
    answer = client.post("/profile/password", data={"current": PASSWORD, "password": new})
    assert (answer.status_code, 'id="e-password"' in answer.text) == (422, True)
    assert client.get("/profile/").status_code == 200


@pytest.fixture
def strict(door: Door) -> Iterator[Door]:
    """Forms need their tokens, as outside of tests."""
    door.app.config["WTF_CSRF_ENABLED"] = True
    yield door
    door.app.config["WTF_CSRF_ENABLED"] = False


def test_no_post_a_cookie_can_reach_goes_without_a_token(door: Door) -> None:
    employee, customer, visitor = door.browser("ada"), door.app.test_client(), door.app.test_client()
    customer.post("/portal/sign-in", data={"email": "bob@example.com", "password": PASSWORD})
    door.app.config["WTF_CSRF_ENABLED"] = True
    leaks, walked = [], 0
    for path in posts(door.app):
        for client in (employee, customer, visitor):
            answer, walked = client.post(path, data={"email": "bob@example.com"}), walked + 1
            refused = answer.status_code == (401 if path.startswith("/api/") else 400)
            if not refused and not path.startswith("/api/v1/security/"):
                leaks.append((answer.status_code, path))
    door.app.config["WTF_CSRF_ENABLED"] = False
    assert leaks == []
    assert walked > 200


def posts(app: Flask) -> Iterator[str]:
    words = {"number": "1", "pk": "1", "key": "1", "verb": "archive"}
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or set()):
            built = rule.build({name: words.get(name, "x") for name in rule.arguments}, append_unknown=False)
            assert built is not None
            yield built[1]


@pytest.mark.parametrize("path", ["/login/", "/portal/sign-in", "/login/code", "/password/"])
def test_a_door_opens_with_its_token(strict: Door, path: str) -> None:
    client = strict.app.test_client()
    if path == "/login/code":
        strict.app.config["WTF_CSRF_ENABLED"] = False
        strict.enrol("sue")
        strict.sign_in(client, "sue")
        strict.app.config["WTF_CSRF_ENABLED"] = True
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert token
    sent = {"email": "nobody@example.com", "password": WRONG, "code": "1", "csrf_token": token[1]}
    assert client.post(path, data=sent).status_code in (200, 422)
    assert client.post(path, data=sent | {"csrf_token": "x"}).status_code == 400


def test_what_was_typed_is_not_lost_with_the_token(strict: Door) -> None:
    sent = {
        "title": "short",
        "description": "All of a <long> story about it",
        "password": "a secret of many words",
    }
    answer = strict.app.test_client().post("/portal/new", data=sent)
    assert answer.status_code == 400
    assert ">All of a &lt;long&gt; story about it</textarea>" in answer.text
    assert "a secret" not in answer.text


@pytest.fixture(scope="module")
def secure(app: Flask, environment: dict[str, str]) -> Iterator[Flask]:
    """The same desk behind https."""
    mine = {"BASE_URL": "https://desk.example.com", "DATABASE_URL": app.config["DATABASE_URL"]}
    made = create_app(settings(environment | mine))
    made.config["WTF_CSRF_ENABLED"] = False
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def cookies_of(client: FlaskClient, path: str, **sent: Any) -> list[str]:
    place = {"base_url": "https://desk.example.com"}
    return client.post(path, **place, **sent).headers.getlist("Set-Cookie")


def test_cookies_are_bound_to_the_host_on_https(secure: Flask) -> None:
    client = secure.test_client()
    client.get("/login/", base_url="https://desk.example.com")
    sent = {"data": {"email": "nobody@example.com", "password": WRONG}}
    kept = [
        *cookies_of(client, "/portal/sign-out"),
        *client.get("/portal/sign-in", base_url="https://desk.example.com").headers.getlist("Set-Cookie"),
        *cookies_of(client, "/login/", **sent),
    ]
    assert kept
    for cookie in kept:
        assert cookie.startswith("__Host-")
        assert all(part in cookie for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax")), cookie
        assert "Domain" not in cookie


@pytest.mark.parametrize("path", ["/login/", "/login/code", "/password/x", "/portal/enter/x"])
def test_a_link_is_not_told_to_other_sites(door: Door, path: str) -> None:
    answer = door.app.test_client().get(path)
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"


def test_nobody_is_remembered_but_by_a_session(door: Door) -> None:
    client = door.app.test_client()
    assert door.sign_in(client, "ada").status_code == 302
    client.set_cookie("remember_token", f"{door.numbers['ada']}|x")
    client.delete_cookie(door.app.config["SESSION_COOKIE_NAME"])
    assert client.get("/profile/").status_code == 302


@pytest.mark.parametrize("world", ["employee", "customer"])
def test_a_new_link_voids_the_older_one_and_looking_uses_nothing_up(door: Door, world: str) -> None:
    path, email = ("/password/", "mara@desk.example") if world == "employee" else (
        "/portal/sign-in/link", "bob@example.com")  # fmt: skip
    client = door.app.test_client()
    for _time in range(2):
        client.post(path, data={"email": email})
    newest, older = door.links(email)[:2]
    assert client.get(older).status_code == 410
    for _look in range(2):
        assert client.get(newest).status_code == 200
    assert client.post(newest, data={"password": "another long sentence"}).status_code in (302, 303)
    used = client.get(newest)
    assert (used.status_code, "used" in used.text or "once" in used.text) == (410, True)
