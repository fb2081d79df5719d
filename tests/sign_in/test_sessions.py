"""Sessions from outside: seen in the profile, ended at once, tokens with them, and no statement dearer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.access import SYSTEM
from app.core.extensions import db
from app.models.people import Employee
from app.models.sessions import LoginSession
from app.record import act_as, plainly
from app.services import employees
from tests.sign_in.conftest import PASSWORD, Door

PROFILE = "/profile/security"
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def is_in(client: FlaskClient) -> bool:
    return client.get(PROFILE).status_code == 200


def token_of(door: Door, name: str) -> str:
    sent = {"email": f"{name}@desk.example", "password": PASSWORD}
    answer = door.app.test_client().post("/api/v1/security/login", json=sent)
    assert answer.status_code == 200
    return str(answer.json["access_token"])


def takes(door: Door, token: str) -> bool:
    answer = door.app.test_client().get("/api/v1/teams", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code == 200


def rows(door: Door, name: str) -> list[int]:
    with door.app.app_context():
        mine = select(LoginSession.id).where(LoginSession.employee_id == door.numbers[name])
        return list(db.session.scalars(mine.order_by(LoginSession.id)))


@pytest.fixture(autouse=True)
def nobody_signed_in(door: Door) -> None:
    with door.app.app_context():
        db.session.execute(LoginSession.__table__.delete())
        db.session.commit()


def test_the_profile_lists_every_session_and_ends_one(door: Door) -> None:
    here = door.app.test_client()
    here.post("/login/", data={"email": "mara@desk.example", "password": PASSWORD}, headers=FIREFOX)
    there, token = door.browser("mara"), token_of(door, "mara")
    page = here.get(PROFILE).text
    assert "Firefox on Linux" in page
    assert page.count("This one") == 1
    numbers = re.findall(r"/profile/sessions/(\d+)/end", page)
    assert sorted(map(int, numbers)) == rows(door, "mara")[1:], "all but this one can be ended"
    for number in numbers:
        assert here.post(f"/profile/sessions/{number}/end").status_code == 302
    assert (is_in(here), is_in(there), takes(door, token)) == (True, False, False)


def test_all_others_end_at_once(door: Door) -> None:
    here, there, token = door.browser("mara"), door.browser("mara"), token_of(door, "mara")
    assert here.post("/profile/sessions/end-others").status_code == 302
    assert (is_in(here), is_in(there), takes(door, token)) == (True, False, False)


def test_nobody_ends_anothers_session(door: Door) -> None:
    mara, ada = door.browser("mara"), door.browser("ada")
    assert ada.post(f"/profile/sessions/{rows(door, 'mara')[0]}/end").status_code == 404
    assert is_in(mara)


def test_a_copied_cookie_is_nobodys_after_signing_out(door: Door) -> None:
    mara = door.browser("mara")
    name = door.app.config["SESSION_COOKIE_NAME"]
    cookie = mara.get_cookie(name)
    assert cookie is not None
    thief = door.app.test_client()
    thief.set_cookie(name, cookie.value)
    assert is_in(thief)
    assert mara.post("/logout/").status_code == 302
    assert not is_in(thief)
    assert rows(door, "mara") == []


def test_a_session_is_new_at_every_sign_in(door: Door) -> None:
    client = door.browser()
    with client.session_transaction() as planted:
        planted["_user_id"], planted["planted"] = "x" * 43, True
    assert door.sign_in(client, "mara").status_code == 302
    with client.session_transaction() as kept:
        first = kept["_user_id"]
        assert "planted" not in kept
    client.post("/logout/")
    door.sign_in(client, "mara")
    with client.session_transaction() as kept:
        assert kept["_user_id"] != first


def by_service(**values: object) -> Callable[[Door], None]:
    def change(door: Door) -> None:
        with door.app.test_request_context():
            act_as(db.session(), SYSTEM, source="test")
            person = db.session.get_one(Employee, door.numbers["mara"])
            employees.edit(db.session(), SYSTEM, person, values)
            db.session.commit()

    return change


@pytest.mark.parametrize(
    ("change", "back"),
    [
        (by_service(role="supervisor"), by_service(role="agent")),
        (by_service(active=False), by_service(active=True)),
        (lambda door: door.enrol("mara"), lambda _door: None),
    ],
    ids=["role", "active", "second factor"],
)
def test_cookies_and_tokens_end_at_once(
    door: Door, change: Callable[[Door], None], back: Callable[[Door], None]
) -> None:
    browser, token = door.browser("mara"), token_of(door, "mara")
    assert (is_in(browser), takes(door, token)) == (True, True)
    change(door)
    assert (is_in(browser), takes(door, token)) == (False, False)
    back(door)
    assert (is_in(browser), takes(door, token)) == (False, False), "and do not come back"


def test_another_password_ends_all_but_this_browser(door: Door) -> None:
    here, there, token = door.browser("mara"), door.browser("mara"), token_of(door, "mara")
    sent = {"current": PASSWORD, "password": "another long sentence"}
    assert here.post("/profile/password", data=sent).status_code == 302
    assert (is_in(here), is_in(there), takes(door, token)) == (True, False, False)


def test_a_refresh_token_ends_with_its_session(door: Door) -> None:
    sent = {"email": "mara@desk.example", "password": PASSWORD}
    client = door.app.test_client()
    bearer = {
        "Authorization": f"Bearer {client.post('/api/v1/security/login', json=sent).json['refresh_token']}"
    }
    renewed = client.post("/api/v1/security/refresh", headers=bearer)
    assert takes(door, renewed.json["access_token"])
    door.browser("mara").post("/profile/sessions/end-others")
    assert client.post("/api/v1/security/refresh", headers=bearer).status_code == 401
    assert not takes(door, renewed.json["access_token"])


def test_the_last_use_is_written_once_a_minute_and_costs_nothing_else(
    door: Door, statements: list[str]
) -> None:
    mara = door.browser("mara")
    mara.get(PROFILE)
    statements.clear()
    mara.get(PROFILE)
    quiet = list(statements)
    assert not [one for one in quiet if "UPDATE" in one]
    assert len([one for one in quiet if "login_sessions.digest =" in one]) == 1, "one with the actor"
    with door.app.app_context():
        old = update(LoginSession).values(last_seen_at=LoginSession.last_seen_at - dt.timedelta(seconds=61))
        db.session.execute(old, execution_options=plainly)
        db.session.commit()
    statements.clear()
    mara.get(PROFILE)
    assert len([one for one in statements if one.startswith("UPDATE login_sessions")]) == 1
    assert len(statements) == len(quiet) + 1


def test_customers_see_and_end_what_is_theirs(door: Door) -> None:
    sent = {"email": "bob@example.com", "password": PASSWORD}
    here, there = (door.app.test_client() for _ in range(2))
    for client in (here, there):
        assert client.post("/portal/sign-in", data=sent).status_code == 303
    assert "1 other browser" in here.get("/portal/account").text
    assert here.post("/portal/account/sign-out-elsewhere").status_code == 303
    assert here.get("/portal/account").status_code == 200
    assert there.get("/portal/account").status_code == 302
    assert "Sign out there" not in here.get("/portal/account").text
    name = door.app.config["CUSTOMER_COOKIE_NAME"]
    cookie = here.get_cookie(name)
    assert cookie is not None
    here.post("/portal/sign-out")
    there.set_cookie(name, cookie.value, path="/")
    assert there.get("/portal/account").status_code == 302, "a copied cookie ends with it"
