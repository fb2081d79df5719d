"""What is put in order by drag and by keys, in a real Chromium; and a preview that follows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.serving import served
from tests.whole import small_desk
from tests.whole.small_desk import sign_in
from tests.windows import window

pytestmark = pytest.mark.browser

LINES = "[data-lines]:has(input[id^='f-options.'])"


@pytest.fixture(scope="module")
def page(chromium: Browser, app: Flask) -> Iterator[Page]:
    """A tab in which an administrator has signed in."""
    small_desk.build(app)
    with served(app) as address, window(chromium, address) as opened:
        page = opened.new_page()
        sign_in(page, "/login/", "admin@example.com")
        yield page


def order(page: Page) -> list[str]:
    page.goto("/fields/tickets")
    return page.locator(".field-list .field-name").all_inner_texts()


def test_a_field_is_moved_by_keys_and_by_drag(page: Page) -> None:
    first, second, *rest = order(page)
    down = page.get_by_role("button", name=f"Move down: {first}")
    down.focus()
    with page.expect_response(lambda one: one.request.method == "GET" and "/fields/tickets" in one.url):
        page.keyboard.press("Enter")
    expect(down).to_be_focused()
    assert order(page) == [second, first, *rest]
    grips = page.locator("[data-sort-handle]")
    with page.expect_response(lambda one: one.request.method == "GET" and "/fields/tickets" in one.url):
        grips.nth(1).drag_to(grips.nth(0))
    assert order(page) == [first, second, *rest]


def headings(page: Page) -> list[str]:
    page.goto("/admin/teams/list/")
    return [text for text in page.locator("thead th").all_inner_texts() if text]


def test_columns_are_dragged_and_the_list_follows(page: Page) -> None:
    first, second, *rest = headings(page)
    page.goto("/lists/teams/columns")
    grips = page.locator(".column-list [data-sort-handle]")
    grips.nth(1).drag_to(grips.nth(0))
    expect(page.locator("[data-sort-state]")).not_to_be_empty()
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    assert headings(page) == [second, first, *rest]


def options(page: Page) -> list[str]:
    return [one.input_value() for one in page.locator(f"{LINES} input[id$='.value']").all()]


def test_lines_are_dragged_and_the_order_is_kept(page: Page) -> None:
    page.goto("/admin/schema_definitions/list/?q=category")
    page.locator("tbody .row-link").first.click()
    page.get_by_role("link", name="Edit").click()
    first, second, *rest = options(page)
    grips = page.locator(f"{LINES} [data-lines-handle]")
    grips.nth(1).drag_to(grips.nth(0))
    assert options(page) == [second, first, *rest]
    expect(page.locator(f"{LINES} [data-lines-live]")).not_to_be_empty()
    with page.expect_navigation():
        page.locator("main form.form footer .is-primary").first.click()
    page.get_by_role("link", name="Edit").click()
    assert options(page) == [second, first, *rest]


def test_the_preview_follows_what_is_typed(page: Page) -> None:
    page.goto("/admin/schema_definitions/add?applies_to=tickets")
    place = page.locator("[data-preview-place]")
    page.get_by_label("Label", exact=False).first.fill("Serial number")
    expect(place.locator("label", has_text="Serial number")).to_have_count(2)
    page.locator("#f-field_type").select_option("select")
    expect(place).to_contain_text("Options")
    page.locator("#f-field_type").select_option("boolean")
    expect(place.locator("[role=switch]")).to_have_count(2)
