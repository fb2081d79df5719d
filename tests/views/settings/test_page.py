"""The pages and the API of the settings: typed, checked, versioned, audited, for administrators."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from app.core import colour
from app.core.extensions import db
from app.fields import settings_of
from app.fields.settings import ABOUT, Section
from app.models.audit import AuditLog
from app.models.settings import Setting
from app.record import plainly
from tests.views.settings.conftest import Desk

LIMITS = {"upload_mb": "25", "api_rate": "3000", "seen.upload_mb": "0", "seen.api_rate": "0"}


def limits(**values: str) -> dict[str, str]:
    return LIMITS | {name.replace("__", "."): value for name, value in values.items()}


@pytest.mark.parametrize("section", list(Section))
def test_each_setting_stands_in_its_section_with_its_default(desk: Desk, section: Section) -> None:
    shown = desk.client().get(f"/settings/{section}").text
    for name, about in ABOUT.items():
        assert (f'name="{name}"' in shown) is (about.section is section)


def test_agents_do_not_see_them(desk: Desk) -> None:
    agent = desk.client("agent")
    assert agent.get("/settings/limits").status_code == 404
    assert agent.post("/settings/limits", data=limits(api_rate="5")).status_code == 404
    assert desk.now("api_rate") == 3000


def test_what_is_saved_counts_and_only_what_differs_is_written(desk: Desk) -> None:
    assert desk.client().post("/settings/limits", data=limits(api_rate="50")).status_code == 302
    assert desk.now("api_rate") == 50
    with desk.app.app_context():
        assert list(db.session.scalars(select(Setting.name))) == ["api_rate"]
    assert "Back to the default" in desk.client().get("/settings/limits").text


def test_one_click_returns_to_the_default_and_keeps_what_else_was_typed(desk: Desk) -> None:
    desk.set(api_rate=50)
    typed = limits(api_rate="60", upload_mb="7", seen__api_rate="1", reset="api_rate")
    assert desk.client().post("/settings/limits", data=typed).status_code == 302
    assert (desk.now("api_rate"), desk.now("upload_mb")) == (3000, 7)


@pytest.mark.parametrize(
    ("section", "typed", "said"),
    [
        ("limits", {"api_rate": "many"}, "Write a number"),
        ("limits", {"upload_mb": "26"}, "The greatest possible is 25."),
        ("branding", {"accent": "teal", "name": "Frontdesk"}, "does not have the expected form"),
        ("languages", {"languages": "de", "language": "en", "time_zone": "UTC"}, "among those offered"),
        ("languages", {"languages": "xx", "language": "en", "time_zone": "UTC"}, "Choose one of the options"),
        ("languages", {"language": "en", "time_zone": "Moon/Sea"}, "Choose one of the options"),
        ("sign-in", {"session_hours": "2", "session_idle_hours": "12"}, "Nobody is idle longer"),
        ("mail", {"mail_address": "nobody"}, "Write an e-mail address"),
    ],
)
def test_a_wrong_value_is_told_beside_it_and_stays_typed(
    desk: Desk, section: str, typed: dict[str, str], said: str
) -> None:
    answer = desk.client().post(f"/settings/{section}", data=typed)
    assert answer.status_code == 422
    assert said in answer.text
    with desk.app.app_context():
        assert db.session.scalar(select(Setting.id)) is None


def test_a_picture_that_is_none_is_refused(desk: Desk) -> None:
    import io

    given = {"logo": (io.BytesIO(b"<svg onload='alert(1)'/>"), "logo.png"), "name": "Frontdesk"}
    answer = desk.client().post("/settings/branding", data=given)
    assert (answer.status_code, desk.now("logo")) == (422, None)
    assert "PNG, JPEG or WebP" in answer.text


def test_a_form_older_than_somebodys_change_does_not_overwrite_it(desk: Desk) -> None:
    desk.set(api_rate=50)
    answer = desk.client().post("/settings/limits", data=limits(api_rate="60"))
    assert answer.status_code == 422
    assert "Somebody changed this meanwhile" in answer.text
    assert desk.now("api_rate") == 50
    seen = re.search(r'name="seen.api_rate" value="(\d+)"', answer.text)
    assert seen is not None
    again = limits(api_rate="60", seen__api_rate=seen[1])
    assert desk.client().post("/settings/limits", data=again).status_code == 302
    assert desk.now("api_rate") == 60


def test_the_environment_has_precedence_and_the_page_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.set(api_rate=50)
    monkeypatch.setitem(desk.app.config, "API_RATE_LIMIT", 9)
    assert desk.now("api_rate") == 9
    shown = desk.client().get("/settings/limits").text
    assert "Set by the environment (API_RATE_LIMIT)" in shown
    assert desk.client().post("/settings/limits", data=limits(api_rate="60")).status_code == 302
    monkeypatch.setitem(desk.app.config, "API_RATE_LIMIT", None)
    assert desk.now("api_rate") == 50


def test_the_api_writes_them_as_the_page_does(desk: Desk) -> None:
    call = _api(desk)
    made = call("POST", "/api/v1/settings", {"name": "api_rate", "value": 40})
    assert (made.status_code, desk.now("api_rate")) == (201, 40)
    where = f"/api/v1/settings/{made.json['id']}"
    assert call("POST", "/api/v1/settings", {"name": "api_rate", "value": 41}).status_code in {409, 422}
    assert call("POST", "/api/v1/settings", {"name": "nothing", "value": 1}).status_code == 422
    assert call("PATCH", where, {"value": "lots"}).status_code == 422
    assert call("PATCH", where, {"value": 42}).json["value"] == 42
    assert call("DELETE", where).status_code == 204
    assert desk.now("api_rate") == 3000
    with desk.app.app_context():
        rows = (
            select(AuditLog.action_type)
            .where(AuditLog.object_table == "settings")
            .order_by(AuditLog.id.desc())
        )
        actions = list(db.session.scalars(rows.limit(3)))
    assert actions == ["SETTING_DELETE", "SETTING_UPDATE", "SETTING_CREATE"]


def _api(desk: Desk) -> Any:
    from flask_jwt_extended import create_access_token

    from app.generate.entrance import begin
    from app.models.people import Employee

    with desk.app.test_request_context():
        token = create_access_token(
            identity=begin(db.session.get_one(Employee, desk.people["admin"])), fresh=True
        )
        db.session.commit()
    client = desk.app.test_client()
    return lambda method, path, body=None: client.open(
        path, method=method, json=body, headers={"Authorization": f"Bearer {token}"}
    )


def test_a_change_by_another_process_is_read_with_the_next_request(app: Flask, desk: Desk) -> None:
    desk.set(api_rate=50)
    with app.app_context():
        session = db.session()
        assert settings_of(session).api_rate == 50
        session.execute(update(Setting).values(value=51), execution_options=plainly)
        session.commit()
    assert desk.now("api_rate") == 51


def test_they_cost_a_request_nothing(desk: Desk, statements: list[str]) -> None:
    client = desk.client()
    client.get("/profile/")
    statements.clear()
    client.get("/profile/")
    assert not [one for one in statements if "FROM settings" in one and "login_sessions" not in one]
    with desk.app.app_context():
        settings_of(db.session())
        statements.clear()
        db.session.execute(text("SELECT 1"))
        for _time in range(5):
            settings_of(db.session())
    assert len(statements) == 1


@pytest.mark.parametrize("brand", ["#000000", "#ffffff", "#ffee00", "#0b7a75", "#2f5bea", "#7f7f7f"])
def test_any_accent_can_be_read(desk: Desk, brand: str) -> None:
    light, dark = colour.on_light(brand), colour.on_dark(brand)
    assert colour.contrast(light.accent, "#ffffff") >= 4.5
    assert colour.contrast(light.accent, light.soft) >= 4.5
    assert colour.contrast(dark.accent, dark.soft) >= 4.5
    assert colour.contrast(dark.accent, "#0b1020") >= 4.5
    sheet = desk.app.test_client().get(f"/brand/{brand[1:]}.css")
    assert f"--accent: light-dark({light.accent}, {dark.accent});" in sheet.text
    assert desk.app.test_client().get("/brand/red.css").status_code != 200
