"""One's own account: what may be changed, what is refused, and what ends with a new password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.models.customers import Customer
from tests.views.portal.conftest import PASSWORD, Desk

Read = Callable[..., Any]
NEW = "a rather new sentence"


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
