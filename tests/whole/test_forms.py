"""The widgets of generated forms in a real Chromium: by mouse, keyboard and night, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select

from app.core.extensions import db
from app.models.fields import FieldDefinition
from app.models.routing import RoutingRule
from app.models.teams import Membership, Team
from tests.windows import dark_violations, violations, window

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(chromium: Browser, address: str) -> Iterator[Page]:
    """A tab in which no script runs."""
    with window(chromium, address, java_script_enabled=False) as opened:
        page = opened.new_page()
        page.goto("/login/")
        page.locator("[name=email]").first.fill("admin@example.com")
        page.locator("[name=password]").fill("frontdesk-demo")
        page.locator("main button.is-primary").first.click()
        yield page


def save(page: Page) -> None:
    with page.expect_navigation():
        page.locator(".bar button.is-primary").click()


def test_options_are_added_moved_and_removed(app: Flask, admin: Page, axe: str) -> None:
    admin.goto("/admin/schema_definitions/add")
    admin.locator("[name=field_name]").fill("size")
    admin.locator("[name=field_type]").select_option("select")
    add = admin.locator('[data-lines="options"] .lines-add button')
    for value in ("small", "large", "medium"):
        add.click()
        expect(admin.locator('[data-lines="options"] .lines-line').last.locator("input:focus")).to_have_count(
            1
        )
        admin.keyboard.type(value)
    admin.keyboard.press("Control+Shift+ArrowUp")
    expect(admin.locator('[data-lines="options"] [data-lines-live]')).to_have_text("Moved to position 2")
    admin.locator('[data-lines="options"] .swatch [value=ok]').first.check()
    admin.get_by_role("button", name="Remove: Option").first.click()
    admin.locator('[data-lines="translations"] .lines-add button', has_text="German").click()
    admin.locator('[name="translations.de.label"]').fill("Größe")
    assert violations(admin, axe) + dark_violations(admin) == []
    save(admin)
    with app.app_context():
        made = db.session().scalars(select(FieldDefinition).where(FieldDefinition.field_name == "size")).one()
    assert made.options == ["medium", "large"]
    assert made.translations == {"de": {"label": "Größe"}}


def test_a_row_is_made_where_it_is_missing(app: Flask, admin: Page, axe: str) -> None:
    admin.goto("/admin/teams/add")
    admin.locator("[name=name]").fill("Made in place")
    admin.locator("[data-inline-add]").click()
    expect(admin.locator("[data-inline-row] input:focus")).to_have_count(1)
    admin.keyboard.type("Ina Fresh")
    admin.locator(".create", has_text="Ina Fresh").click()
    dialog = admin.locator("dialog[open]")
    expect(dialog.locator("[name=name]")).to_have_value("Ina Fresh")
    dialog.locator("[name=email]").fill("nobody")
    dialog.locator("button.is-primary").last.click()
    expect(dialog.locator("[aria-invalid]")).to_be_focused()
    assert violations(admin, axe) + dark_violations(admin) == []
    dialog.locator("[name=email]").fill("ina@example.com")
    dialog.locator("button.is-primary").last.click()
    expect(admin.locator("[data-inline-row] .item", has_text="Ina Fresh")).to_have_count(1)
    assert violations(admin, axe) + dark_violations(admin) == []
    save(admin)
    with app.app_context():
        team = db.session().scalars(select(Team).where(Team.name == "Made in place")).one()
        members = select(Membership).where(Membership.team_id == team.id)
        assert [one.employee.name for one in db.session().scalars(members)] == ["Ina Fresh"]


def test_what_is_typed_before_a_picker_has_come_is_searched(admin: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:  # Playwright marks what it calls, which a method of a list does not allow
        held.append(route)

    admin.route("**/vendor/tom-select.min.js*", hold)
    admin.goto("/admin/teams/add")
    admin.locator("[data-inline-add]").click()
    expect(admin.locator("[data-inline-row] input:focus")).to_have_count(1)
    admin.keyboard.type("Nobody Yet")
    held[0].continue_()
    expect(admin.locator(".create", has_text="Nobody Yet")).to_be_visible()
    expect(admin.locator("[data-inline-row] .item")).to_have_count(0)
    admin.unroute("**/vendor/tom-select.min.js*")


def test_a_form_begins_at_its_first_field_so_that_no_letter_is_a_key(admin: Page) -> None:
    admin.goto("/admin/teams/list/")
    admin.keyboard.press("c")
    admin.wait_for_url("**/teams/add")
    expect(admin.locator("[name=name]")).to_be_focused()
    admin.keyboard.type("Night desk, g h")
    expect(admin.locator("[name=name]")).to_have_value("Night desk, g h")
    admin.locator("[name=name]").fill("")
    save(admin)
    expect(admin.get_by_role("alert").first).to_be_focused()


def test_a_question_stands_at_its_safe_button(app: Flask, admin: Page) -> None:
    with app.app_context():
        team = db.session.scalar(select(Team.id).limit(1))
    admin.goto(f"/admin/teams/delete/{team}")
    expect(admin.get_by_role("link", name="Cancel")).to_be_focused()


def test_leaving_a_form_with_changes_asks(admin: Page) -> None:
    admin.goto("/admin/teams/add")
    admin.locator("[data-inline-add]").click()
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.accept()  # type: ignore[attr-defined]

    admin.once("dialog", stay)
    admin.goto("/admin/teams/list/")
    assert asked == ["beforeunload"]


def test_text_is_marked_and_previewed(admin: Page, axe: str) -> None:
    admin.goto("/admin/kb_articles/add")
    area = admin.locator("[name=content]")
    area.fill("Hello")
    area.select_text()
    admin.locator("[data-mark=bold]").click()
    expect(area).to_have_value("**Hello**")
    admin.locator("[data-markdown-show]").click()
    expect(admin.locator("[data-markdown-preview] strong")).to_have_text("Hello")
    assert violations(admin, axe) + dark_violations(admin) == []


@pytest.mark.parametrize("path", ["show/1?tab=uses", "delete/1", "edit/1"])
def test_pages_of_a_row_are_accessible(admin: Page, axe: str, path: str) -> None:
    admin.goto(f"/admin/teams/{path}")
    wrong = violations(admin, axe) + dark_violations(admin)
    admin.set_viewport_size({"width": 390, "height": 800})
    wrong += violations(admin, axe)
    admin.set_viewport_size({"width": 1440, "height": 900})
    assert wrong == []


def test_everything_works_without_scripts(app: Flask, plain: Page) -> None:
    plain.goto("/admin/routing_rules/add")
    plain.locator("[name=rule_name]").fill("Without scripts")
    plain.locator('button[name="action.do"][value="add:priority"]').click()
    plain.locator('[name="action.priority"]').select_option("high")
    plain.locator('button[name="action.do"][value="add:team"]').click()
    plain.locator('button[name="create.action.team"]').click()
    plain.locator("[name=name]").fill("Made on the way")
    plain.locator(".bar button.is-primary").click()
    expect(plain.locator("[name=rule_name]")).to_have_value("Without scripts")
    plain.locator(".bar button.is-primary").click()
    expect(plain.locator("h1")).to_have_text("Without scripts")
    with app.app_context():
        session = db.session()
        rule = session.scalars(select(RoutingRule).where(RoutingRule.rule_name == "Without scripts")).one()
        team = session.scalars(select(Team).where(Team.name == "Made on the way")).one()
        assert rule.action == {"priority": "high", "team": team.id}
