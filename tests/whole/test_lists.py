"""Lists as people arrange them, by mouse and keyboard, in a real browser; the essentials without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.whole.small_desk import sign_in
from tests.windows import dark_violations, violations, window

pytestmark = pytest.mark.browser

TICKETS = "/admin/tickets/list/"


def heads(page: Page) -> list[str]:
    return [one.strip() for one in page.locator("thead th:not(.is-tick):not(.is-menu)").all_inner_texts()]


def right(page: Page, axe: str) -> None:
    assert violations(page, axe) + dark_violations(page) == []


def test_columns_are_put_in_order_by_buttons_and_kept(admin: Page, axe: str) -> None:
    admin.goto(TICKETS)
    assert heads(admin)[:2] == ["Subject", "Number"]
    admin.get_by_role("button", name="Columns").click()
    admin.get_by_role("button", name="Move up: Number").press("Enter")
    admin.get_by_role("checkbox", name="Topic").uncheck()
    right(admin, axe)
    admin.locator("#columns").get_by_role("button", name="Save").click()
    expect(admin.locator("thead th").nth(1)).to_have_text("Number")
    assert "Topic" not in heads(admin)
    admin.goto(TICKETS)
    assert heads(admin)[:2] == ["Number", "Subject"]
    admin.get_by_role("button", name="Columns").click()
    admin.get_by_role("button", name="Back to the usual ones").click()
    expect(admin.locator("thead th").nth(1)).to_have_text("Subject")


def test_a_view_is_kept_shown_as_a_tab_and_changed(admin: Page, axe: str) -> None:
    admin.goto(f"{TICKETS}?status=new,open&sort=created_at")
    admin.get_by_role("button", name="Save as view").click()
    admin.get_by_label("Name", exact=True).fill("Oldest open")
    right(admin, axe)
    admin.keyboard.press("Enter")
    tab = admin.locator(".tab", has_text="Oldest open")
    expect(tab).to_have_attribute("aria-current", "page")
    right(admin, axe)
    admin.get_by_role("columnheader", name="Number").get_by_role("link").click()
    expect(tab).to_have_attribute("aria-current", "page")
    admin.get_by_role("button", name="Save in Oldest open").click()
    expect(admin.get_by_role("button", name="Save in Oldest open")).to_have_count(0)
    admin.get_by_role("button", name="View: Oldest open").click()
    admin.get_by_role("button", name="Open the list with it").click()
    admin.goto(TICKETS)
    expect(tab).to_have_attribute("aria-current", "page")
    expect(admin.locator("thead [aria-sort]")).to_have_text("Number")
    admin.get_by_role("button", name="View: Oldest open").click()
    right(admin, axe)
    admin.locator("#view-menu").get_by_role("link", name="Delete").click()
    admin.locator("main form [type=submit]").click()
    admin.goto(TICKETS)
    expect(admin.get_by_role("link", name="Oldest open")).to_have_count(0)


def test_quick_filters_make_chips_and_one_key_takes_them_away(admin: Page, axe: str) -> None:
    admin.goto(TICKETS)
    admin.get_by_role("button", name="Filter").click()
    admin.locator("#filters summary", has_text="Created").click()
    right(admin, axe)
    admin.locator("#filters details[open] [name=span]").select_option("within_last:30d")
    admin.locator("#filters details[open]").get_by_role("button", name="Apply").click()
    chip = admin.locator(".chip.is-on")
    expect(chip).to_contain_text("Created is within the last 30 days")
    expect(admin).to_have_url(re.compile("within_last.*=30d"))
    chip.locator(".chip-close").focus()
    admin.keyboard.press("Delete")
    expect(chip).to_have_count(0)
    expect(admin.get_by_role("searchbox")).to_be_focused()


def test_rows_are_walked_ticked_and_edited_by_keys(admin: Page) -> None:
    admin.goto(TICKETS)
    rows = admin.locator("[data-row]")
    admin.keyboard.press("j")
    expect(rows.nth(0).locator(".row-link")).to_be_focused()
    admin.keyboard.press("x")
    for _ in range(2):
        admin.keyboard.press("j")
    admin.keyboard.press("Shift+X")
    expect(admin.locator("[data-bulk-count]")).to_contain_text("3")
    admin.keyboard.press("k")
    expect(rows.nth(1).locator(".row-link")).to_be_focused()
    assert round(rows.nth(1).bounding_box()["height"]) == 36  # type: ignore[index]
    number = rows.nth(1).get_attribute("data-row")
    admin.keyboard.press("e")
    expect(admin).to_have_url(re.compile(f"/admin/tickets/edit/{number}$"))
    admin.go_back()
    admin.keyboard.press("?")
    expect(admin.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Next row")
    admin.keyboard.press("Escape")
    admin.keyboard.press("j")
    opened = admin.locator(".row-link:focus").get_attribute("href")
    admin.keyboard.press("Enter")
    expect(admin).to_have_url(re.compile(f"{opened}$"))


def test_a_key_leads_to_what_can_be_done_with_ticked_rows(admin: Page) -> None:
    admin.goto(TICKETS)
    for key in ("j", "b"):
        admin.keyboard.press(key)
    expect(admin.locator(".row-link").first).to_be_focused()
    for key in ("x", "b", "Enter"):
        admin.keyboard.press(key)
    admin.wait_for_url("**/bulk/edit")
    expect(admin.get_by_role("checkbox", name="Change Status")).to_be_focused()


def test_the_link_of_a_row_is_copied(admin: Page) -> None:
    admin.goto("/admin/teams/list/")
    row = admin.locator("[data-row]").first
    row.locator(".is-menu button").click()
    row.get_by_role("link", name="Copy link").click()
    expect(admin.locator(".toast")).to_contain_text("Copied")
    copied = admin.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(str(row.locator(".row-link").get_attribute("href")))


def test_the_palette_is_complete_by_keyboard_and_remembers_where_one_was(admin: Page, axe: str) -> None:
    admin.goto("/admin/teams/list/")
    admin.goto(TICKETS)
    admin.keyboard.press("Control+k")
    palette = admin.get_by_role("dialog", name="Search and commands")
    expect(palette.get_by_role("group", name="Where you were")).to_contain_text("Teams")
    right(admin, axe)
    admin.keyboard.type("new macro")
    expect(palette.get_by_role("option", name="New macro")).to_have_attribute("aria-selected", "true")
    right(admin, axe)
    admin.keyboard.press("Enter")
    expect(admin).to_have_url(re.compile("/admin/macros_templates/add$"))
    admin.keyboard.press("Control+k")
    admin.keyboard.type("zzzz")
    expect(palette.get_by_text("Nothing found")).to_be_visible()
    right(admin, axe)
    admin.keyboard.press("Escape")
    expect(palette).to_be_hidden()


def test_home_and_the_search_page(admin: Page, axe: str) -> None:
    for path in ("/home/", "/palette?q=machine", "/palette?q=zzzz", "/lists/tickets/columns"):
        admin.goto(path)
        right(admin, axe)


def test_without_scripts_lists_are_arranged_all_the_same(chromium: Browser, address: str) -> None:
    with window(chromium, address, java_script_enabled=False) as opened:
        page = opened.new_page()
        sign_in(page, "/login/", "supervisor@example.com")
        page.goto("/admin/teams/list/")
        page.get_by_role("button", name="Columns").click()
        page.locator("#columns [name=do][value='up:description']").click()
        expect(page).to_have_url(re.compile("/lists/teams/columns$"))
        page.locator("main form.columns .is-primary").click()
        expect(page.locator("thead th").nth(1)).to_have_text("Description")
        page.locator(".nav-search").click()
        page.locator("main [name=q]").fill("new customer")
        page.keyboard.press("Enter")
        page.locator("main").get_by_role("link", name="New customer").click()
        expect(page).to_have_url(re.compile("/admin/customers/add$"))
