"""The second step from outside: set up in the profile, asked at the door, forced where a role needs it."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from app.core import clock
from app.core.clock import now
from tests.sign_in.conftest import PASSWORD, Door, code

ADA = "/login/code?next=/"


def offered(page: str) -> tuple[str, str]:
    """The sealed offer and the key of a set-up page."""
    offer = re.search(r'name="offer" value="([^"]+)"', page)
    key = re.search(r'is-key"[^>]*>([A-Z2-7 ]+)<', page)
    assert offer, page
    assert key, page
    return html.unescape(offer[1]), key[1].replace(" ", "")


def recovery(page: str) -> list[str]:
    return re.findall(r"\b(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}\b", page.partition("<pre")[2].partition("</pre>")[0])


def is_in(client: FlaskClient) -> bool:
    return client.get("/profile/").status_code == 200


def set_up(client: FlaskClient) -> tuple[str, list[str]]:
    """Turn the second factor on in the profile."""
    page = client.post("/profile/second-factor", data={"current": PASSWORD})
    assert page.status_code == 200
    offer, key = offered(page.text)
    done = client.post("/profile/second-factor/confirm", data={"offer": offer, "code": code(key)})
    assert done.status_code == 200
    return key, recovery(done.text)


def test_it_is_set_up_in_the_profile_and_asked_at_the_door(door: Door) -> None:
    here, there = door.browser("ada"), door.browser("ada")
    key, codes = set_up(here)
    assert len(codes) == 10
    assert (is_in(here), is_in(there)) == (True, False)
    assert codes[0] not in here.get("/profile/security").text
    assert "10 recovery codes are left" in here.get("/profile/security").text
    new = door.browser()
    assert door.sign_in(new, "ada").location == ADA
    assert not is_in(new)
    assert new.post("/login/code", data={"code": code(key, 1)}).location == "/"
    assert is_in(new)


def test_the_page_offers_picture_key_and_codes_to_keep(door: Door) -> None:
    client = door.browser("ada")
    page = client.post("/profile/second-factor", data={"current": PASSWORD}).text
    assert 'src="data:image/svg+xml' in page
    offer, key = offered(page)
    done = client.post("/profile/second-factor/confirm", data={"offer": offer, "code": code(key)}).text
    codes = recovery(done)
    assert 'download="frontdesk-recovery-codes.txt"' in done
    assert all(one in done.partition("data:text/plain")[2] for one in codes)


def test_it_asks_for_the_password_first(door: Door) -> None:
    client = door.browser("ada")
    for path in ("", "/codes", "/off"):
        refused = client.post(f"/profile/second-factor{path}", data={"current": "wrong"})
        assert (refused.status_code, 'id="e-current"' in refused.text) == (422, True)
        assert "is-key" not in refused.text


@pytest.mark.parametrize("typed", ["", "12345", "000000", "not a code"])
def test_a_wrong_code_turns_nothing_on_and_keeps_the_key(door: Door, typed: str) -> None:
    client = door.browser("ada")
    offer, key = offered(client.post("/profile/second-factor", data={"current": PASSWORD}).text)
    wrong = client.post("/profile/second-factor/confirm", data={"offer": offer, "code": typed})
    assert (wrong.status_code, 'id="e-code"' in wrong.text) == (422, True)
    assert offered(wrong.text) == (offer, key)
    assert door.sign_in(door.browser(), "ada").location == "/"


def test_an_offer_is_for_one_person_and_a_quarter_of_an_hour(door: Door) -> None:
    mara, ada = door.browser("mara"), door.browser("ada")
    offer, key = offered(mara.post("/profile/second-factor", data={"current": PASSWORD}).text)
    stolen = ada.post("/profile/second-factor/confirm", data={"offer": offer, "code": code(key)})
    assert stolen.status_code == 422
    assert offered(stolen.text)[1] != key
    assert door.sign_in(door.browser(), "ada").location == "/"


@pytest.mark.parametrize("typed", ["", "12345", "000000", "AAAA-BBBB-CCCC-DDDD"])
def test_a_wrong_code_lets_nobody_in(door: Door, typed: str) -> None:
    door.enrol("ada")
    client = door.browser()
    door.sign_in(client, "ada")
    answer = client.post("/login/code", data={"code": typed})
    assert (answer.status_code, 'id="e-code"' in answer.text) == (422, True)
    assert not is_in(client)


def test_no_code_comes_in_twice(door: Door) -> None:
    secret, codes = door.enrol("ada")
    for typed in (code(secret), codes[0]):
        first, second = door.browser(), door.browser()
        for client in (first, second):
            door.sign_in(client, "ada")
        assert first.post("/login/code", data={"code": typed}).status_code == 302
        assert second.post("/login/code", data={"code": typed}).status_code == 422
        assert (is_in(first), is_in(second)) == (True, False)


def test_the_second_step_alone_leads_nowhere(door: Door) -> None:
    secret, _codes = door.enrol("ada")
    client = door.browser()
    for path in ("/login/code", "/login/set-up"):
        for answer in (client.get(path), client.post(path, data={"code": code(secret)})):
            assert answer.location.startswith("/login/")
    assert not is_in(client)


def test_the_first_step_holds_for_five_minutes_and_for_one_epoch(door: Door) -> None:
    secret, _codes = door.enrol("ada")
    client = door.browser()
    door.sign_in(client, "ada")
    with clock.frozen(now() + dt.timedelta(minutes=5, seconds=1)):
        late = client.post("/login/code", data={"code": code(secret)})
    assert late.location.startswith("/login/?next")
    door.sign_in(client, "ada")
    door.app.test_client().post("/password/", data={"email": "ada@desk.example"})
    path = door.links("ada@desk.example")[0]
    door.app.test_client().post(path, data={"password": "another long sentence"})
    assert client.post("/login/code", data={"code": code(secret)}).location.startswith("/login/?next")
    assert not is_in(client)


def test_a_mailed_link_does_not_pass_by_the_second_step(door: Door) -> None:
    door.enrol("ada")
    client = door.browser()
    client.post("/password/", data={"email": "ada@desk.example"})
    answer = client.post(door.links("ada@desk.example")[0], data={"password": "another long sentence"})
    assert answer.location == ADA
    assert not is_in(client)


def test_the_api_takes_a_code(door: Door) -> None:
    secret, codes = door.enrol("ada")
    sent = {"email": "ada@desk.example", "password": PASSWORD}
    path, client = "/api/v1/security/login", door.app.test_client()
    right = code(secret)
    for more, status in (
        ({}, 401), ({"code": ""}, 401), ({"code": 7}, 401), ({"code": "000000"}, 401),
        ({"code": right}, 200), ({"code": right}, 401), ({"code": codes[0]}, 200), ({"code": codes[0]}, 401),
    ):  # fmt: skip
        answer = client.post(path, json=sent | more)
        assert (answer.status_code, "access_token" in answer.json) == (status, status == 200), more


def test_it_is_turned_off_with_the_password_and_ends_other_sessions(door: Door) -> None:
    here = door.browser("ada")
    key, _codes = set_up(here)
    there = door.browser()
    door.sign_in(there, "ada")
    there.post("/login/code", data={"code": code(key, 1)})
    assert is_in(there)
    assert here.post("/profile/second-factor/off", data={"current": PASSWORD}).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert door.sign_in(there, "ada").location == "/"


def test_new_recovery_codes_are_shown_once(door: Door) -> None:
    here = door.browser("ada")
    _key, codes = set_up(here)
    renewed = recovery(here.post("/profile/second-factor/codes", data={"current": PASSWORD}).text)
    assert len({*codes, *renewed}) == 20
    client = door.browser()
    door.sign_in(client, "ada")
    assert client.post("/login/code", data={"code": codes[0]}).status_code == 422
    assert client.post("/login/code", data={"code": renewed[0]}).status_code == 302


def test_an_administrator_resets_what_was_lost(door: Door) -> None:
    door.enrol("mara")
    ada = door.browser("ada")
    path = f"/admin/employees/act/reset_second_factor/{door.numbers['mara']}"
    assert "Reset second factor" in ada.get(path).text
    assert ada.post(path).status_code == 302
    assert door.sign_in(door.browser(), "mara").location == "/"
    own = ada.post(f"/admin/employees/act/reset_second_factor/{door.numbers['ada']}")
    assert own.status_code == 409
    assert door.browser("sue").post(path).status_code == 404


def test_who_administers_alone_is_helped_on_the_server(door: Door) -> None:
    door.enrol("ada")
    run = door.app.test_cli_runner()
    done = run.invoke(args=["employees", "reset-second-factor", "ADA@desk.example"])
    assert (done.exit_code, "Ada" in done.output) == (0, True)
    assert door.sign_in(door.browser(), "ada").location == "/"
    for email in ("ada@desk.example", "nobody@desk.example"):
        assert run.invoke(args=["employees", "reset-second-factor", email]).exit_code == 1


@pytest.fixture
def needed(door: Door) -> Iterator[Door]:
    """Agents need a second factor."""
    door.app.config["REQUIRE_TOTP_ROLES"] = frozenset({"agent"})
    yield door
    door.app.config["REQUIRE_TOTP_ROLES"] = frozenset()


def test_a_role_that_needs_one_sets_it_up_at_the_door(needed: Door) -> None:
    client = needed.browser()
    assert needed.sign_in(client, "mara").location == "/login/set-up?next=/"
    assert not is_in(client)
    offer, key = offered(client.get("/login/set-up").text)
    wrong = client.post("/login/set-up", data={"offer": offer, "code": "000000"})
    assert (wrong.status_code, is_in(client)) == (422, False)
    done = client.post("/login/set-up", data={"offer": offer, "code": code(key)})
    assert len(recovery(done.text)) == 10
    assert is_in(client)
    refused = client.post("/profile/second-factor/off", data={"current": PASSWORD})
    assert refused.status_code == 409
    assert needed.sign_in(needed.browser(), "mara").location.startswith("/login/code")


def test_a_role_that_needs_one_has_no_token_without(needed: Door) -> None:
    sent = {"email": "mara@desk.example", "password": PASSWORD}
    answer = needed.app.test_client().post("/api/v1/security/login", json=sent)
    assert (answer.status_code, "browser" in answer.json["detail"]) == (401, True)
    assert needed.browser("ada").get("/profile/").status_code == 200
