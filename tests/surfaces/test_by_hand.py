"""Fields added by hand in a real browser, and met on every page at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.access import SYSTEM
from app.core.extensions import db
from app.models.fields import FieldType
from app.models.teams import Team
from app.record import act_as
from app.services import employees, tickets
from tests.serving import served
from tests.windows import violations, window

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery staple"
SHOTS = os.environ.get("SCREENSHOTS")
KINDS = [kind.value for kind in FieldType]


@pytest.fixture(scope="module")
def ticket(app: Flask) -> int:
    with app.test_request_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        person = employees.add(session, SYSTEM, {"name": "Ada", "email": "ada@desk.example", "role": "admin"})
        employees.set_password(session, employees.invite(session, person), PASSWORD)
        session.add(Team(name="Billing"))
        values = {"email": "ann@example.com", "title": "Broken", "description": "All of it."}
        made = tickets.add(session, SYSTEM, values)
        session.commit()
        return made.id


@pytest.fixture(scope="module")
def page(chromium: Browser, app: Flask, ticket: int) -> Iterator[Page]:
    app.config["WTF_CSRF_ENABLED"] = True
    with served(app) as address, window(chromium, address) as opened:
        page = opened.new_page()
        page.goto("/login/")
        page.get_by_label("E-mail").fill("ada@desk.example")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.locator("main button.is-primary").click()
        page.wait_for_url(lambda url: "/login/" not in url)
        yield page


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def define(page: Page, kind: str, **more: str) -> None:
    """Add a field as a person does."""
    page.goto("/admin/schema_definitions/add")
    page.locator("[name=field_name]").fill(f"my_{kind}")
    page.locator("[name=label]").fill(f"My {kind}")
    page.locator("[name=field_type]").select_option(kind)
    if "select" in kind:
        for value in ("red", "blue"):
            page.locator("[data-lines=options] .lines-add button").click()
            page.locator("[data-lines=options] .lines-line input[name$='.value']").last.fill(value)
    if kind == "reference":
        page.locator("[name='validation.table']").fill("teams")
    for name, value in more.items():
        page.locator(f"[name='{name}']").fill(value)
    page.locator("form .bar button.is-primary").click()
    page.wait_for_url("**/show/*")


def test_a_field_of_each_kind_is_on_every_page_at_once(page: Page, ticket: int, axe: str) -> None:
    for kind in KINDS:
        define(page, kind)
    assert violations(page, axe) == []
    page.goto("/admin/schema_definitions/add")
    shot(page, "definition")
    assert violations(page, axe) == []
    for where in (
        "/admin/tickets/add",
        f"/admin/tickets/edit/{ticket}",
        f"/inbox/open/{ticket}",
        "/portal/new",
    ):
        page.goto(where)
        shot(page, where.strip("/").replace("/", "-"))
        for kind in KINDS:
            asked = page.locator(f"[name='custom_fields.my_{kind}']")
            assert bool(asked.count()) is not (where == "/portal/new" and kind == "reference"), (where, kind)
        assert violations(page, axe) == []
    page.goto("/admin/tickets/list/")
    for kind in KINDS:
        assert page.locator(f"[name=columns][value='custom_fields.my_{kind}']").count() == 1
        assert page.locator(f"[name=filter][value='custom_fields.my_{kind}']").count() == 1


def test_a_grid_of_answers_says_who_may_what(page: Page) -> None:
    page.goto("/admin/schema_definitions/list/?q=my_phone")
    shown = page.locator("tbody a").first.get_attribute("href") or ""
    page.goto(shown.replace("/show/", "/edit/"))
    page.locator("[name='audiences.customer.visible']").select_option("no")
    page.locator("form .bar button.is-primary").click()
    page.wait_for_url("**/show/*")
    page.goto("/portal/new")
    assert page.locator("[name='custom_fields.my_phone']").count() == 0
    assert page.locator("[name='custom_fields.my_text']").count() == 1


@pytest.mark.parametrize("where", ["/admin/tickets/add", "/portal/new"])
def test_what_a_field_waits_for_is_asked_at_once_and_nothing_typed_is_lost(page: Page, where: str) -> None:
    if where == "/admin/tickets/add":
        define_conditional(page)
    page.goto(where)
    waiting = page.locator("[name='custom_fields.why']")
    expect(waiting).to_have_count(0)
    page.wait_for_function("!document.querySelector('#asked input[data-picker]:not(.tomselected)')")
    pickers = page.locator("#asked .ts-wrapper").count()
    page.locator("[name=title]").fill("Typed before")
    page.locator("[name='custom_fields.my_boolean']").check()
    expect(waiting).to_have_count(1)
    expect(page.locator("[name='custom_fields.my_boolean']")).to_be_focused()
    expect(page.locator("#asked .ts-wrapper")).to_have_count(pickers)
    waiting.fill("Because")
    shot(page, f"conditional-{where.strip('/').replace('/', '-')}")
    expect(page.locator("[name=title]")).to_have_value("Typed before")
    page.locator("[name='custom_fields.my_boolean']").uncheck()
    expect(waiting).to_have_attribute("type", "hidden")
    page.locator("[name='custom_fields.my_boolean']").check()
    expect(waiting).to_have_value("Because")
    expect(waiting).to_have_attribute("type", "text")


def define_conditional(page: Page) -> None:
    page.goto("/admin/schema_definitions/add")
    page.locator("[name=field_name]").fill("why")
    page.locator("[data-criteria-do][value='condition:']").click()
    page.locator("[id='f-show_when.0.field']").select_option("custom_fields.my_boolean")
    page.locator("[id='f-show_when.0.value']").select_option("true")
    page.locator("form .bar button.is-primary").click()
    page.wait_for_url("**/show/*")
