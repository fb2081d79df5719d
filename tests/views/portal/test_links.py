"""Mailed links: a look uses nothing up, a press works once, and nothing tells whether an address is known."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access import SYSTEM
from app.core.extensions import db
from app.generate.evenly import EVEN
from app.models.customers import Customer
from app.record import act_as
from app.services import customers
from tests.views.portal.conftest import PASSWORD, Desk

Links = Callable[[str], list[str]]


def test_a_sign_in_link_is_not_used_up_by_a_look_and_works_once(visitor: FlaskClient, mailed: Links) -> None:
    assert visitor.post("/portal/sign-in/link", data={"email": "bob@example.com"}).status_code == 200
    link = mailed("bob@example.com")[0]
    assert link.startswith("/portal/enter/")
    for _look in range(2):
        assert visitor.get(link).status_code == 200
        assert visitor.get("/portal/account").status_code == 302
    assert visitor.post(link).status_code == 303
    assert visitor.get("/portal/account").status_code == 200
    assert visitor.post(link).status_code == 410
    assert visitor.get(link).status_code == 410


def test_a_link_leads_on_to_where_one_wanted_to_go(visitor: FlaskClient, mailed: Links, desk: Desk) -> None:
    wanted = f"/portal/tickets/{desk.mine}"
    visitor.post("/portal/sign-in/link", query_string={"next": wanted}, data={"email": "bob@example.com"})
    assert visitor.post(mailed("bob@example.com")[0]).location == wanted


@pytest.mark.parametrize("path", ["/portal/sign-in/link", "/portal/password/", "/portal/sign-in"])
def test_asking_for_a_link_tells_nothing(visitor: FlaskClient, mailed: Links, path: str) -> None:
    answers = [visitor.post(path, data={"email": f"{name}@example.com"}) for name in ("bob", "nobody")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert main(answers[0].text) == main(answers[1].text)
    assert mailed("nobody@example.com") == []


@pytest.mark.parametrize("path", ["/portal/sign-in/link", "/portal/password/", "/portal/sign-up"])
@pytest.mark.parametrize("name", ["bob", "somebody"])
def test_the_time_of_an_answer_tells_nothing(visitor: FlaskClient, path: str, name: str) -> None:
    begun = time.monotonic()
    answer = visitor.post(path, data={"name": name, "email": f"{name}@example.com"})
    assert answer.status_code == 200
    assert time.monotonic() - begun >= EVEN


def main(html: str) -> str:
    return html.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("path", ["/portal/sign-in/link", "/portal/password/", "/portal/sign-up"])
def test_links_to_one_address_are_limited(visitor: FlaskClient, path: str) -> None:
    form = {"email": "bob@example.com", "name": "Bob"}
    codes = [visitor.post(path, data=form).status_code for _try in range(11)]
    assert codes == [200] * 10 + [429]


@pytest.mark.parametrize("path", ["/portal/sign-in/link", "/portal/password/"])
def test_no_address_is_an_error_beside_its_field(visitor: FlaskClient, path: str) -> None:
    answer = visitor.post(path, data={"email": " "})
    assert answer.status_code == 422
    assert 'id="e-email"' in answer.text


def test_signing_up_confirms_the_address_and_leads_to_the_account(
    visitor: FlaskClient, mailed: Links
) -> None:
    form = {"name": "Zoe", "email": "Zoe@Example.com"}
    assert 'name="password"' not in visitor.get("/portal/sign-up").text
    assert visitor.post("/portal/sign-up", data=form).status_code == 200
    assert visitor.get("/portal/account").status_code == 302  # the address is not confirmed yet
    link = mailed("zoe@example.com")[0]
    assert link.startswith("/portal/verify/")
    assert visitor.get(link).status_code == 200
    assert visitor.get("/portal/account").status_code == 302
    assert visitor.post(link).location == "/portal/account"
    account = visitor.get("/portal/account").text
    assert "Zoe" in account
    assert "Your address is confirmed" in account


def test_a_stranger_cannot_choose_the_password_of_an_address(
    app: Flask, visitor: FlaskClient, mailed: Links
) -> None:
    theirs = {"name": "Mallory", "email": "owner@example.com", "password": "a password of a stranger"}
    stranger, owner = visitor, app.test_client()
    assert stranger.post("/portal/sign-up", data=theirs).status_code == 200
    assert owner.post(mailed("owner@example.com")[0]).status_code == 303
    assert stranger.post("/portal/sign-in", data=theirs).status_code == 422
    assert owner.post("/portal/account/password", data={"password": PASSWORD}).status_code == 303
    assert stranger.post("/portal/sign-in", data=theirs).status_code == 422
    assert stranger.post("/portal/sign-up", data=theirs).status_code == 200
    assert owner.post(mailed("owner@example.com")[0]).status_code == 303
    assert stranger.post("/portal/sign-in", data=theirs).status_code == 422
    assert stranger.post("/portal/sign-in", data={**theirs, "password": PASSWORD}).status_code == 303


def test_signing_up_answers_alike_for_a_known_address_and_leaves_it_alone(
    visitor: FlaskClient, read: Callable[..., Any], desk: Desk
) -> None:
    answers = [
        visitor.post("/portal/sign-up", data={"name": "X", "email": email})
        for email in ("bob@example.com", "fresh@example.com")
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert main(answers[0].text) == main(answers[1].text)
    assert read(Customer, desk.customer).name == "Bob"
    form = {"email": "bob@example.com", "password": PASSWORD}
    assert visitor.post("/portal/sign-in", data=form).status_code == 303


def test_what_was_typed_at_sign_up_stays(visitor: FlaskClient) -> None:
    answer = visitor.post("/portal/sign-up", data={"name": "Yve <b>", "email": "no address"})
    assert answer.status_code == 422
    assert "Yve &lt;b&gt;" in answer.text
    assert 'value="no address"' in answer.text


def test_a_reset_link_sets_the_password_once_and_ends_other_sessions(
    app: Flask, sign_in: Callable[[str], FlaskClient], mailed: Links
) -> None:
    elsewhere, here = sign_in("eve"), app.test_client()
    here.post("/portal/password/", data={"email": "eve@example.com"})
    link = mailed("eve@example.com")[0]
    assert link.startswith("/portal/password/")
    assert here.post(link, data={"password": "short"}).status_code == 422
    assert here.post(link, data={"password": "a new long sentence"}).status_code == 303
    assert here.get("/portal/account").status_code == 200
    assert elsewhere.get("/portal/account").status_code == 302
    assert here.post(link, data={"password": "yet another sentence"}).status_code == 410


@pytest.mark.parametrize("kind", ["enter", "verify", "password", "rate"])
def test_a_link_nobody_sent_leads_nowhere(visitor: FlaskClient, kind: str) -> None:
    path = f"/portal/{kind}/{'x' * 43}"
    assert [visitor.get(path).status_code, visitor.post(path).status_code] == [410, 410]


def test_guessing_links_is_limited_where_it_is_done_and_nowhere_else(
    visitor: FlaskClient, mailed: Links
) -> None:
    guesses = [f"/portal/{kind}/{number}" for kind in ("enter", "rate") for number in range(50)]
    assert {visitor.get(path).status_code for path in guesses} == {410}
    assert visitor.get("/portal/enter/101").status_code == 429
    elsewhere = {"REMOTE_ADDR": "10.0.0.1"}
    visitor.post("/portal/sign-in/link", data={"email": "bob@example.com"}, environ_base=elsewhere)
    assert visitor.get(mailed("bob@example.com")[0], environ_base=elsewhere).status_code == 200


def test_a_link_serves_its_own_purpose_only(
    app: Flask, visitor: FlaskClient, mailed: Links, desk: Desk
) -> None:
    with app.test_request_context():
        act_as(db.session(), SYSTEM, source="test")
        customers.send_link(db.session(), "bob@example.com")
        db.session.commit()
    token = mailed("bob@example.com")[0].rpartition("/")[2]
    for kind in ("verify", "password", "rate"):
        assert visitor.post(f"/portal/{kind}/{token}", data={"password": PASSWORD}).status_code == 410
