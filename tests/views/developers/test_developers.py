"""The place of developers and the reader of the API: who sees them, and whether they are true."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from app import services
from app.access import SYSTEM
from app.core.clock import now
from app.core.declare import Role
from app.core.extensions import db
from app.models.effects import State
from app.models.keys import ApiCall, ApiKey
from app.models.people import Employee
from app.models.webhooks import Delivery, Event, Webhook
from app.record import act_as
from app.services import api_keys, employees
from tests.serving import served
from tests.windows import dark_violations, violations, window

PASSWORD = "correct horse battery"
SHOTS = os.environ.get("SCREENSHOTS")
AXE = Path(__file__).resolve().parents[2] / "vendor" / "axe.min.js"


@pytest.fixture(scope="module")
def desk(app: Flask) -> Flask:
    """Two people, and one of everything that presses or does not."""
    with app.test_request_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        for role in (Role.ADMIN, Role.AGENT):
            values = {"name": role.value, "email": f"{role.value}@example.com", "role": role}
            person = services.add(session, SYSTEM, Employee, values)
            employees.set_password(session, employees.invite(session, person), PASSWORD)
        for name, days in (("Soon", 3), ("Later", 300), ("Ended", 3)):
            values = {"description": name, "permissions": ["read_teams"]}
            made = services.add(
                session, SYSTEM, ApiKey, values | {"expires_at": now() + dt.timedelta(days=days)}
            )
        api_keys.revoke(session, SYSTEM, made)
        hook: Any = services.add(
            session, SYSTEM, Webhook, {"url": "https://127.0.0.1/a", "event_types": ["*"]}
        )
        hook.failing_since = now()
        event = session.query(Event.id).limit(1).scalar()
        session.add(Delivery(webhook_id=hook.id, event_id=event, state=State.FAILED))
        for code, hours in ((200, 1), (404, 1), (422, 2), (500, 3), (500, 30)):
            moment = now() - dt.timedelta(hours=hours)
            facts = {"endpoint_accessed": "/api/v1/teams", "method": "GET", "duration_ms": 5}
            session.add(ApiCall(response_code=code, created_at=moment, **facts))
        session.commit()
    return app


def signed_in(app: Flask, name: str) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/login/", data={"email": f"{name}@example.com", "password": PASSWORD})
    return client


@pytest.fixture(scope="module")
def admin(desk: Flask) -> FlaskClient:
    return signed_in(desk, "admin")


def figures(html: str) -> dict[str, tuple[str, int]]:
    rows = re.findall(
        r'<a class="matter[^"]*" href="(.*?)">.*?<span>(.*?)</span><b class="number">(\d+)</b>', html
    )
    return {label: (unescape(url), int(count)) for url, label, count in rows}


def test_each_figure_leads_to_as_many_rows(admin: FlaskClient) -> None:
    found = figures(admin.get("/developers/").text)
    assert found["Keys that end within two weeks"][1] == 1
    assert found["Webhooks that fail"][1] == 1
    assert found["Calls of the last day that broke on our side"][1] == 1
    assert found["Calls of the last day that were refused"][1] == 2
    for label, (url, count) in found.items():
        rows = len(re.findall(r"<tr[^>]* data-row\b", admin.get(url).text))
        assert rows == count, (label, url)


def test_who_sees_nothing_of_it_finds_no_such_place(desk: Flask) -> None:
    agent = signed_in(desk, "agent")
    assert agent.get("/developers/").status_code == 404
    assert "/developers/" not in agent.get("/inbox/", follow_redirects=True).text
    assert desk.test_client().get("/developers/").status_code == 302


def test_it_leads_to_all_that_belongs_to_it(admin: FlaskClient) -> None:
    page = admin.get("/developers/").text
    places = page.split("<h2>Places</h2>")[1]
    for url in ("/admin/api_keys/list/", "/admin/webhooks/list/", "/console/webhook_deliveries/",
                "/developers/usage", "/api/v1/docs", "/api/v1/docs/events"):  # fmt: skip
        assert f'href="{url}"' in places
        assert admin.get(url).status_code == 200


def test_every_operation_can_be_read_and_copied(admin: FlaskClient) -> None:
    listed = re.findall(r'href="(/api/v1/docs/[a-z_]+)#([a-z_.]+)"', admin.get("/api/v1/docs").text)
    assert len(listed) > 100
    pages = {url: admin.get(url).text for url in {url for url, _name in listed}}
    for url, name in listed:
        assert f'id="{name}"' in pages[url]
        assert f'id="{name}-curl"' in pages[url]
    assert admin.get("/api/v1/docs/nope").status_code == 404


def test_every_event_is_shown_as_it_is_sent(admin: FlaskClient) -> None:
    page = unescape(admin.get("/api/v1/docs/events").text)
    assert '"type": "TICKET_RESOLVED"' in page
    assert '"sequence"' in page


@pytest.fixture(scope="module")
def page(chromium: Browser, desk: Flask) -> Iterator[Page]:
    desk.config["WTF_CSRF_ENABLED"] = True
    with served(desk) as address, window(chromium, address) as opened:
        found = opened.new_page()
        found.goto("/login/")
        found.get_by_label("E-mail").fill("admin@example.com")
        found.get_by_label("Password", exact=True).fill(PASSWORD)
        found.locator("main button.is-primary").click()
        found.wait_for_url(lambda url: "/login/" not in url)
        yield found


@pytest.mark.browser
@pytest.mark.parametrize("url", ["/developers/", "/api/v1/docs", "/api/v1/docs/teams", "/api/v1/docs/events"])
def test_people_who_read_otherwise_can_read_it(page: Page, url: str) -> None:
    page.goto(url)
    axe = AXE.read_text(encoding="utf-8")
    assert violations(page, axe) + dark_violations(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if SHOTS:
        shoot(page, url.strip("/").replace("/", "-"))
    page.set_viewport_size({"width": 1440, "height": 900})


def shoot(page: Page, name: str) -> None:
    page.screenshot(path=f"{SHOTS}/{name}-390.png")
    page.set_viewport_size({"width": 1440, "height": 1000})
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.screenshot(path=f"{SHOTS}/{name}-{scheme}.png")
    page.emulate_media(color_scheme="light")
