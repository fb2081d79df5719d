"""The layout of fields and the preview of a definition in a real Chromium: by drag, by keys, as one types."""

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


def test_the_preview_follows_what_is_typed(page: Page) -> None:
    page.goto("/admin/schema_definitions/add?applies_to=tickets")
    place = page.locator("[data-preview-place]")
    page.get_by_label("Label", exact=False).first.fill("Serial number")
    expect(place.locator("label", has_text="Serial number")).to_have_count(2)
    page.locator("#f-field_type").select_option("select")
    expect(place).to_contain_text("Options")
    page.locator("#f-field_type").select_option("boolean")
    expect(place.locator("[role=switch]")).to_have_count(2)
