"""Conditions built in a real Chromium: by keyboard alone, without scripts, by day and night, both ways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from app.access import SYSTEM
from app.core.extensions import db
from app.demo.people import PASSWORD
from app.models.routing import RoutingRule
from app.record import act_as
from tests.serving import served
from tests.whole import small_desk
from tests.windows import dark_violations, violations, window

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)

ACTION = {"priority": "high"}
BUILT = {
    "all": [
        {"field": "status", "op": "one_of", "value": ["open", "pending"]},
        {"not": {"field": "title", "op": "contains", "value": "test"}},
    ]
}
DEEP = {
    "all": [
        {"field": "channel", "op": "one_of", "value": ["portal", "email"]},
        {
            "any": [
                {"field": "title", "op": "contains", "value": "refund"},
                {"field": "created_at", "op": "within_last", "value": "8bh"},
                {"field": "created_at", "op": "is", "value": "last_week"},
                {"not": {"any": [
                    {"field": "tags", "op": "contains_any", "value": ["vip", "gold"]},
                    {"field": "status", "op": "changed_from_to", "value": {"from": "new", "to": "open"}},
                ]}},
            ]
        },
        {"field": "now", "op": "business_hours"},
        {"field": "team_id", "op": "is", "value": 1},
    ]
}  # fmt: skip


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    small_desk.build(app)
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        db.session.add(RoutingRule(rule_name="Deep", criteria=DEEP, action=ACTION, is_active=False))
        db.session.commit()
    with served(app) as where:
        yield where


def signed_in(opened: Any) -> Page:
    """A tab in which an administrator has signed in."""
    page: Page = opened.new_page()
    page.goto("/login/")
    page.locator("[name=email]").first.fill("admin@example.com")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button.is-primary").first.click()
    page.wait_for_url(lambda url: "/login/" not in url)
    return page


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    with window(chromium, address) as opened:
        yield signed_in(opened)


def saved(app: Flask, name: str) -> RoutingRule:
    with app.app_context():
        found = db.session().scalar(select(RoutingRule).where(RoutingRule.rule_name == name))
    assert found is not None
    return found


def focused(page: Page) -> Locator:
    return page.locator(":focus")


def press_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Go on with Tab, or back with Shift+Tab, until the focus is there."""
    for _step in range(60):
        if focused(page).and_(page.locator(selector)).count():
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {selector}")


def choose(page: Page, words: str) -> None:
    """Choose an option of the select that has the focus, by typing how it begins, and go on."""
    page.keyboard.type(words)
    page.keyboard.press("Tab")


def test_a_rule_by_keyboard_alone(page: Page, app: Flask) -> None:
    """The focus goes where the next thing is to be done, and a screen reader hears what was done."""
    page.goto("/admin/routing_rules/add")
    page.locator("[name=rule_name]").focus()
    page.keyboard.type("By keyboard")
    said = page.locator("[data-criteria-live]")
    press_to(page, "[data-criteria-do][value='condition:']")
    page.keyboard.press("Enter")
    expect(said).to_have_text("Condition added")
    expect(page.locator("[id='f-criteria.0.field']")).to_be_focused()
    choose(page, "Status")
    expect(page.locator("[id='f-criteria.0.op']")).to_be_visible()
    press_to(page, "[id='f-criteria.0.op']", "Shift+Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".choices")).to_be_visible()
    for value in ("open", "pending"):
        press_to(page, f"[name='criteria.0.value'][value={value}]")
        page.keyboard.press("Space")
    press_to(page, "[data-criteria-do][value='group:']")
    page.keyboard.press("Enter")
    expect(said).to_have_text("Group added")
    expect(page.locator("[id='f-criteria.1.0.field']")).to_be_focused()
    choose(page, "Subject")
    expect(page.locator("[id='f-criteria.1.0.op']")).to_be_visible()
    press_to(page, "[id='f-criteria.1.0.op']", "Shift+Tab")
    choose(page, "contains")
    press_to(page, "[id='f-criteria.1.0.value']")
    page.keyboard.type("test")
    page.locator("[name='criteria.1.word'][value=any]").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name='criteria.1.word'][value=none]")).to_be_focused()
    preview = page.locator("[data-criteria-preview]")
    expect(preview).to_contain_text("Status is one of Open, Pending and not (Subject contains test)")
    expect(preview).to_contain_text("from the last 30 days")
    press_to(page, "[name='action.do'][value='add:priority']")
    page.keyboard.press("Enter")
    expect(page.locator("[data-lines=action] [data-lines-live]")).to_have_text("Added")
    expect(page.locator("[name='action.priority']")).to_be_focused()
    choose(page, "High")
    page.locator("[name=rule_name]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert (saved(app, "By keyboard").criteria, saved(app, "By keyboard").action) == (BUILT, ACTION)


def test_moving_and_removing_keep_the_focus(page: Page, app: Flask) -> None:
    page.goto(f"/admin/routing_rules/edit/{saved(app, 'Deep').id}")
    page.locator("[id='f-criteria.0.down']").press("Enter")
    expect(page.locator("[data-criteria-live]")).to_have_text("Moved to position 2")
    expect(page.locator("[id='f-criteria.1.down']")).to_be_focused()
    expect(page.locator("[id='f-criteria.1.field']")).to_have_value("channel")
    page.locator("[data-criteria-do][value='remove:0']").press("Enter")
    expect(page.locator("[data-criteria-live]")).to_have_text("Group removed")
    expect(page.locator("[id='f-criteria.add']")).to_be_focused()


def test_a_rule_without_scripts(chromium: Browser, address: str, app: Flask) -> None:
    """Every button is a form's: the page comes back with what was typed, and the right inputs."""
    with window(chromium, address, java_script_enabled=False) as opened:
        page = signed_in(opened)
        page.goto("/admin/routing_rules/add")
        page.locator("[name=rule_name]").fill("Without scripts")
        page.locator("[name='action.do'][value='add:priority']").click()
        page.locator("[name='action.priority']").select_option("high")
        page.locator("[data-criteria-do][value='condition:']").click()
        assert page.locator("[name=rule_name]").input_value() == "Without scripts"
        page.locator("[id='f-criteria.0.field']").select_option("status")
        page.locator("noscript button").click()
        page.locator("[id='f-criteria.0.op']").select_option("one_of")
        page.locator("noscript button").click()
        for value in ("open", "pending"):
            page.locator(f"[name='criteria.0.value'][value={value}]").check()
        page.locator("[data-criteria-do][value='group:']").click()
        page.locator("[id='f-criteria.1.0.field']").select_option("title")
        page.locator("[name='criteria.1.word'][value=none]").check(force=True)
        page.locator("noscript button").click()
        page.locator("[id='f-criteria.1.0.op']").select_option("contains")
        page.locator("[id='f-criteria.1.0.value']").fill("test")
        page.locator("[name=rule_name]").press("Enter")
        page.wait_for_url("**/show/*")
        assert "not (Subject contains test)" in page.locator("main").inner_text()
    assert (saved(app, "Without scripts").criteria, saved(app, "Without scripts").action) == (BUILT, ACTION)


def test_an_untouched_form_keeps_what_was_there(page: Page, app: Flask) -> None:
    page.goto(f"/admin/routing_rules/edit/{saved(app, 'Deep').id}")
    expect(page.locator(".ts-wrapper").first).to_be_visible()
    with page.expect_navigation():
        page.locator("main form.form footer [type=submit]").click()
    assert saved(app, "Deep").criteria == DEEP


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [1440, 390])
def test_all_inputs_are_accessible(
    chromium: Browser, address: str, app: Flask, axe: str, width: int, direction: str
) -> None:
    """Nested groups with inputs of every sort, as saved and with mistakes."""
    with window(chromium, address, viewport={"width": width, "height": 1000}) as opened:
        page = signed_in(opened)
        page.goto(f"/admin/routing_rules/edit/{saved(app, 'Deep').id}")
        page.evaluate(f"document.documentElement.dir = '{direction}'")
        expect(page.locator(".ts-wrapper").first).to_be_visible()
        wrong = violations(page, axe) + dark_violations(page)
        page.locator("[id='f-criteria.1.0.value']").fill("")
        with page.expect_navigation():
            page.locator("main form.form footer [type=submit]").click()
        page.evaluate(f"document.documentElement.dir = '{direction}'")
        expect(page.locator(".problem")).to_have_count(1)
        expect(page.locator(".ts-wrapper").first).to_be_visible()
        assert wrong + violations(page, axe) + dark_violations(page) == []
