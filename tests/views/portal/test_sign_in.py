"""Customers come in by a password, and only they: apart from employees, with equal answers, within limits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.core.extensions import db
from app.models.customers import Customer
from tests.views.portal.conftest import PASSWORD, Desk

SIGNED_IN = "/portal/tickets/"
OPEN = [
    "/portal/",
    "/portal/articles/",
    "/portal/sign-in",
    "/portal/sign-up",
    "/portal/password/",
    "/portal/new",
]
CLOSED = ["/portal/tickets/", "/portal/tickets/1", "/portal/account"]


@pytest.mark.parametrize("path", OPEN)
def test_visitors_may_look_at_the_open_pages(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).status_code == 200


@pytest.mark.parametrize("path", CLOSED)
def test_visitors_are_led_to_sign_in(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 302
    assert answer.location.startswith("/portal/sign-in?next=%2Fportal%2F")


@pytest.mark.parametrize("path", CLOSED)
def test_an_employees_session_means_nothing_here(visitor: FlaskClient, desk: Desk, path: str) -> None:
    with visitor.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = desk.login, True
    assert visitor.get("/login/").status_code == 302  # it is a session that holds
    assert visitor.get(path).status_code == 302


def test_a_customers_session_means_nothing_elsewhere(bob: FlaskClient) -> None:
    assert bob.get("/admin/tickets/list/").location.startswith("/login/")


def test_an_unknown_address_and_a_wrong_password_are_answered_alike(visitor: FlaskClient) -> None:
    answers = [
        visitor.post("/portal/sign-in", data={"email": email, "password": "wrong"})
        for email in ("bob@example.com", "nobody@example.com")
    ]
    texts = [answer.text.replace("nobody@", "bob@") for answer in answers]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert without_tokens(texts[0]) == without_tokens(texts[1])
    assert "do not match" in texts[0]


def without_tokens(html: str) -> list[str]:
    return [line for line in html.splitlines() if "csrf" not in line]


def test_an_account_is_closed_after_ten_failures_wherever_they_come_from(
    app: Flask, visitor: FlaskClient
) -> None:
    wrong = {"email": "bob@example.com", "password": "wrong"}
    for number in range(10):
        place = {"REMOTE_ADDR": f"10.0.0.{number}"}
        assert visitor.post("/portal/sign-in", data=wrong, environ_base=place).status_code == 422
    answer = visitor.post("/portal/sign-in", data={"email": "bob@example.com", "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "bob@example.com" in answer.text
    other = visitor.post("/portal/sign-in", data={"email": "eve@example.com", "password": PASSWORD})
    assert other.status_code == 303


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/portal/articles/", "/portal/articles/"),
        ("//evil.example/portal/", SIGNED_IN),
        ("https://evil.example/portal/", SIGNED_IN),
        ("/portal/\\evil.example", SIGNED_IN),
        ("/portal/\r\nX: y", SIGNED_IN),
        ("/admin/tickets/list/", SIGNED_IN),
    ],
)
def test_signing_in_leads_back_within_the_portal_only(
    visitor: FlaskClient, asked: str, leads_to: str
) -> None:
    form = {"email": "bob@example.com", "password": PASSWORD}
    answer = visitor.post("/portal/sign-in", query_string={"next": asked}, data=form)
    assert answer.location == leads_to


def test_the_cookie_is_kept_from_scripts_and_other_sites(visitor: FlaskClient) -> None:
    answer = visitor.post("/portal/sign-in", data={"email": "bob@example.com", "password": PASSWORD})
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if "customer" in line)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert PASSWORD not in cookie


def test_a_changed_cookie_is_nobodys(app: Flask, bob: FlaskClient) -> None:
    name = app.config["CUSTOMER_COOKIE_NAME"]
    kept = bob.get_cookie(name)
    assert kept is not None
    bob.set_cookie(name, kept.value[:-1] + ("A" if kept.value[-1] != "A" else "B"))
    assert bob.get("/portal/account").status_code == 302


def test_a_session_ends_with_its_epoch(app: Flask, sign_in: Callable[[str], FlaskClient], desk: Desk) -> None:
    eve = sign_in("eve")
    assert eve.get("/portal/account").status_code == 200
    with app.app_context():
        later = update(Customer).where(Customer.id == desk.stranger)
        db.session.execute(
            later.values(session_epoch=Customer.session_epoch + 1), execution_options={"plainly": True}
        )
        db.session.commit()
    assert eve.get("/portal/account").status_code == 302


def test_signing_out_is_a_post_and_ends_it(bob: FlaskClient) -> None:
    assert bob.get("/portal/sign-out").status_code == 405
    assert bob.post("/portal/sign-out").location == "/portal/"
    assert bob.get("/portal/account").status_code == 302


def test_an_address_with_a_nul_is_just_wrong(visitor: FlaskClient) -> None:
    answer = visitor.post("/portal/sign-in", data={"email": "bob\0@example.com", "password": "x"})
    assert answer.status_code == 422


def test_every_post_asks_for_the_forms_token(app: Flask, bob: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/portal") and "POST" in (rule.methods or ())
    ]
    assert len(rules) >= 14
    with app.test_request_context():
        for rule in rules:
            _domain, path = rule.build({"token": "t", "number": 1}) or ("", "")
            assert bob.post(path).status_code == 400, path
