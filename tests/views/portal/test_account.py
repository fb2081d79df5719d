"""One's own account: what may be changed, what is refused, and what ends with a new password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.customers import Customer
from tests.views.portal.conftest import PASSWORD, Desk

Read = Callable[..., Any]
Links = Callable[[str], list[str]]
NEW = "a rather new sentence"


@pytest.fixture
def by_link(app: Flask, visitor: FlaskClient, mailed: Links) -> Callable[[str], FlaskClient]:
    """How a browser of somebody without a password is had, by name."""

    def browser_of(name: str) -> FlaskClient:
        client, form = app.test_client(), {"name": name.title(), "email": f"{name}@example.com"}
        assert visitor.post("/portal/sign-up", data=form).status_code == 200
        assert client.post(mailed(form["email"])[0]).status_code == 303
        return client

    return browser_of


def test_name_and_language_are_changed_and_nothing_else(bob: FlaskClient, read: Read, desk: Desk) -> None:
    form = {"name": "Bob", "language": "de", "email": "eve2@example.com", "tier": "vip"}
    assert bob.post("/portal/account", data=form).status_code == 303
    kept = read(Customer, desk.customer)
    assert (kept.name, kept.language, kept.email, kept.tier) == ("Bob", "de", "bob@example.com", "standard")
    assert 'lang="de"' in bob.get("/portal/account").text
    assert bob.post("/portal/account", data={"name": "Bob", "language": ""}).status_code == 303
    assert read(Customer, desk.customer).language is None


@pytest.mark.parametrize("name", ["", "x" * 201, "a\0b"])
def test_a_name_that_will_not_do_is_told(bob: FlaskClient, read: Read, desk: Desk, name: str) -> None:
    answer = bob.post("/portal/account", data={"name": name})
    assert answer.status_code == 422
    assert 'id="e-name"' in answer.text
    assert read(Customer, desk.customer).name == "Bob"


@pytest.mark.parametrize("language", ["en_XA", "xx", "../de"])
def test_only_offered_languages_are_taken(bob: FlaskClient, read: Read, desk: Desk, language: str) -> None:
    bob.post("/portal/account", data={"name": "Bob", "language": language})
    assert read(Customer, desk.customer).language is None


def test_a_new_password_asks_for_the_present_one(bob: FlaskClient) -> None:
    answer = bob.post("/portal/account/password", data={"current": "wrong", "password": NEW})
    assert answer.status_code == 422
    assert 'id="e-current"' in answer.text
    assert NEW not in answer.text


def test_the_present_password_cannot_be_guessed_for_long(bob: FlaskClient) -> None:
    wrong = {"current": "wrong", "password": NEW}
    codes = [bob.post("/portal/account/password", data=wrong).status_code for _try in range(11)]
    assert codes == [422] * 10 + [429]


def test_a_new_password_ends_other_sessions_and_not_this_one(sign_in: Callable[[str], FlaskClient]) -> None:
    here, elsewhere = sign_in("eve"), sign_in("eve")
    form = {"current": PASSWORD, "password": NEW}
    assert here.post("/portal/account/password", data=form).status_code == 303
    assert here.get("/portal/account").status_code == 200
    assert elsewhere.get("/portal/account").status_code == 302


def test_a_first_password_asks_for_none_and_ends_other_sessions(
    by_link: Callable[[str], FlaskClient], visitor: FlaskClient
) -> None:
    here, elsewhere = by_link("fay"), by_link("fay")
    page = here.get("/portal/account").text
    assert "You can do without" in page
    assert 'name="current"' not in page
    assert here.post("/portal/account/password", data={"password": NEW}).status_code == 303
    assert 'name="current"' in here.get("/portal/account").text
    assert elsewhere.get("/portal/account").status_code == 302
    form = {"email": "fay@example.com", "password": NEW}
    assert visitor.post("/portal/sign-in", data=form).status_code == 303


def test_a_first_password_that_will_not_do_is_told_and_not_tried_for_ever(
    by_link: Callable[[str], FlaskClient],
) -> None:
    gus = by_link("gus")
    answers = [gus.post("/portal/account/password", data={"password": "short"}) for _try in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert 'id="e-password"' in answers[0].text
    assert gus.get("/portal/account").status_code == 200


def test_failures_of_others_at_the_door_do_not_keep_one_from_a_new_password(
    bob: FlaskClient, app: Flask
) -> None:
    wrong = {"email": "bob@example.com", "password": "wrong"}
    assert [app.test_client().post("/portal/sign-in", data=wrong).status_code for _try in range(11)][
        -1
    ] == 429
    form = {"current": PASSWORD, "password": PASSWORD}
    assert bob.post("/portal/account/password", data=form).status_code == 303
