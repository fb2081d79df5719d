"""A deed that asks for something, and shows a secret once: keys that are rotated on their screen."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import services
from app.access import SYSTEM
from app.core.clock import frozen, now
from app.core.extensions import db
from app.models.keys import ApiKey, Overlap
from app.models.scopes import options
from app.record import act_as

SECRET = re.compile(r"fd_live_\w{49}")


@pytest.fixture
def admin(sign_in: Callable[[str | None], FlaskClient]) -> FlaskClient:
    return sign_in("admin")


@pytest.fixture
def key(app: Flask) -> Any:
    """The number of a key, and the key itself."""
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        made = services.add(
            db.session(), SYSTEM, ApiKey, {"description": "Shop", "permissions": ["read_teams"]}
        )
        db.session.commit()
        return made.id, made.shown_once


def opens(app: Flask, secret: str) -> bool:
    headers = {"Authorization": f"Bearer {secret}"}
    return app.test_client().get("/api/v1/teams", headers=headers).status_code == 200


def test_it_asks_how_long_the_old_key_works_on(admin: FlaskClient, key: Any) -> None:
    page = admin.get(f"/admin/api_keys/act/rotate/{key[0]}").text
    assert re.findall(r'<option value="(\d+)"', page) == [one.value for one in Overlap]
    assert '<option value="24" selected>' in page


@pytest.mark.parametrize(("sent", "hours"), [({}, 24), ({"answer": "1"}, 1), ({"answer": "0"}, 0)])
def test_the_new_key_is_shown_once_beside_the_old_one(
    app: Flask, admin: FlaskClient, key: Any, sent: dict[str, str], hours: int
) -> None:
    number, old = key
    answer = admin.post(f"/admin/api_keys/act/rotate/{number}", data=sent)
    assert answer.status_code == 200
    (fresh,) = SECRET.findall(answer.text)
    assert fresh != old
    assert opens(app, fresh)
    assert opens(app, old) is (hours > 0)
    with frozen(now() + dt.timedelta(hours=hours, seconds=1)):
        assert not opens(app, old)
        assert opens(app, fresh)
    with app.app_context():
        made = db.session.scalars(select(ApiKey).where(ApiKey.replaces_id == number)).one()
        place = f"/admin/api_keys/show/{made.id}"
    assert f'href="{place}"' in answer.text
    for path in (place, f"/admin/api_keys/show/{number}", "/admin/api_keys/list/"):
        assert not SECRET.search(admin.get(path).text)


def test_another_answer_is_refused_and_nothing_is_done(app: Flask, admin: FlaskClient, key: Any) -> None:
    answer = admin.post(f"/admin/api_keys/act/rotate/{key[0]}", data={"answer": "8760"})
    assert answer.status_code == 422
    assert "Choose one of these: 24 hours, " in answer.text
    assert opens(app, key[1])
    with app.app_context():
        assert db.session.scalar(select(ApiKey.id).where(ApiKey.replaces_id == key[0])) is None


def test_a_key_that_is_replaced_is_not_rotated_again(admin: FlaskClient, key: Any) -> None:
    where = f"/admin/api_keys/act/rotate/{key[0]}"
    assert admin.post(where).status_code == 200
    assert admin.post(where).status_code == 409
    page = admin.get(f"/admin/api_keys/show/{key[0]}").text
    assert "act/rotate" not in page
    assert "act/revoke" in page


def test_many_keys_are_not_rotated_at_once_for_each_is_shown_once(admin: FlaskClient, key: Any) -> None:
    page = admin.get("/admin/api_keys/list/").text
    assert "/bulk/revoke" in page
    assert "/bulk/rotate" not in page
    assert admin.post("/admin/api_keys/bulk/rotate", data={"id": key[0], "confirmed": "1"}).status_code == 404


def test_scopes_are_chosen_from_those_there_are(admin: FlaskClient) -> None:
    page = admin.get("/admin/api_keys/add").text
    assert re.findall(r'name="permissions" value="(\w+)"', page) == list(options())
    for scopes, status in (([], 422), (["read_everything"], 422), (["read_teams", "replay"], 200)):
        sent = {"description": "Shop", "permissions": scopes, "allowed_ips": "192.0.2.0/24,::1"}
        answer = admin.post("/admin/api_keys/add", data=sent)
        assert answer.status_code == status
        assert bool(SECRET.search(answer.text)) is (status == 200)
