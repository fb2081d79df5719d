"""What the modules do, in a real browser; and that the essentials work without them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


def test_a_dangerous_action_asks_and_then_posts(page: Page) -> None:
    page.goto("/show")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("link", name="Delete").click()
    dialog = page.get_by_role("dialog", name="Delete the team Billing Support?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(page).to_have_url(re.compile("/show$"))
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("link", name="Delete").click()
    with page.expect_request("**/confirm") as asked:
        dialog.get_by_role("button", name="Delete").click()
    assert asked.value.method == "POST"
    assert "csrf_token=token" in (asked.value.post_data or "")


def test_the_palette_finds_and_goes(page: Page) -> None:
    page.goto("/show")
    page.keyboard.press("Control+k")
    page.keyboard.type("refund")
    expect(page.get_by_role("option", name="Refund for order 20731")).to_have_attribute(
        "aria-selected", "true"
    )
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/list$"))


def test_single_keys_work_outside_inputs_only(page: Page) -> None:
    page.goto("/list")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("c?")
    expect(page).to_have_url(re.compile("/list"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("New ticket")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile("/form$"))


def test_single_keys_can_be_switched_off(page: Page) -> None:
    page.goto("/list")
    page.evaluate("document.documentElement.dataset.keys = 'off'")
    page.keyboard.press("c")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(re.compile("/list$"))


def test_ticked_rows_bring_the_bulk_bar(page: Page) -> None:
    page.goto("/list")
    ticks = page.locator("[data-bulk-item]")
    ticks.nth(1).click()
    ticks.nth(4).click(modifiers=["Shift"])
    expect(page.get_by_text("4 selected")).to_be_visible()
    with page.expect_request("**/done") as sent:
        page.locator("#bulk").get_by_role("button", name="Resolve").click()
    assert (sent.value.post_data or "").count("id=") == 4


def test_search_replaces_the_sheet_in_place(page: Page) -> None:
    page.goto("/list")
    page.get_by_role("searchbox").fill("vat")
    with page.expect_response(lambda r: "q=vat" in r.url):
        pass
    expect(page).to_have_url(re.compile("q=vat"))
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.locator("#sheet")).to_have_count(1)


def test_unsaved_changes_are_guarded(page: Page) -> None:
    page.goto("/form")
    page.get_by_label("Name").fill("Refunds")
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    asked: list[str] = []
    page.on("dialog", lambda d: (asked.append(d.type), d.accept()))
    page.locator(".crumbs a").click()
    expect(page).to_have_url(re.compile("/list$"))
    assert asked == ["beforeunload"]


def test_the_picker_looks_up_and_keeps_the_name(page: Page) -> None:
    page.goto("/form")
    page.locator(".field", has=page.get_by_role("combobox", name="Lead optional")).locator(
        ".ts-control"
    ).click()
    page.get_by_role("option", name="Tom Okafor").click()
    expect(page.locator("input[name=lead]")).to_have_value("3")
    tags = page.get_by_role("combobox", name="Tags optional")
    tags.press_sequentially("card")
    tags.press("Enter")
    expect(page.locator("input[name=tags]")).to_have_value("billing,refund,card")


def test_a_related_row_is_added_with_a_fresh_name(page: Page) -> None:
    page.goto("/form")
    page.get_by_role("button", name="Add a member").click()
    expect(page.locator("select[name=members-added0-role]")).to_be_visible()
    expect(page.locator("[data-inline-row]")).to_have_count(3)


def test_the_first_wrong_field_is_one_key_away(page: Page) -> None:
    page.goto("/form-errors")
    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#f-name")).to_be_focused()


def test_a_draft_is_saved_a_second_after_a_pause(page: Page) -> None:
    page.goto("/inbox")
    with page.expect_request("**/done") as saved:
        page.locator("textarea").press_sequentially(" please")
    assert "please" in (saved.value.post_data or "")
    expect(page.get_by_text("Draft saved")).to_be_visible()


def test_order_is_changed_by_buttons_and_said(page: Page) -> None:
    page.goto("/kit")
    with page.expect_request("**/done") as sent:
        page.get_by_role("button", name="Down").first.click()
    assert re.findall(r'name="id"\s+(\d)', sent.value.post_data or "") == ["2", "1", "3"]
    expect(page.get_by_text("Moved to position 2")).to_be_visible()


def test_the_theme_changes_at_once_and_is_kept_by_the_server(page: Page) -> None:
    page.goto("/list")
    page.get_by_role("button", name="Ada Admin").click()
    with page.expect_request("**/done") as sent:
        page.get_by_role("button", name="Dark", exact=True).click()
    assert "theme=dark" in (sent.value.post_data or "")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(231, 236, 243)"


def test_undo_posts_and_the_toast_goes(page: Page) -> None:
    page.goto("/list?flash=1")
    with page.expect_request("**/done") as sent:
        page.get_by_role("button", name="Undo").click()
    assert sent.value.method == "POST"
    page.evaluate("document.dispatchEvent(new CustomEvent('toast', {detail: {message: 'Sent'}}))")
    page.get_by_text("Sent").locator("..").get_by_role("button", name="Close").click()
    expect(page.get_by_text("Sent")).to_have_count(0)


def test_the_navigation_is_a_drawer_on_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/list")
    expect(page.get_by_role("link", name="My inbox")).to_be_hidden()
    page.get_by_role("button", name="Navigation").click()
    expect(page.get_by_role("link", name="My inbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="My inbox")).to_be_hidden()


def test_the_navigation_stays_folded(page: Page) -> None:
    page.goto("/list")
    page.get_by_role("button", name="Fold the navigation").click()
    assert page.locator("#navigation").bounding_box()["width"] == 48  # type: ignore[index]
    assert [c["value"] for c in page.context.cookies() if c["name"] == "fd_nav"] == ["folded"]


def test_the_essentials_work_without_scripts(chromium: Browser, address: str) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/list")
    page.get_by_role("button", name="Actions: Refund for order 20731").first.click()
    page.get_by_role("link", name="Delete").click()
    expect(page).to_have_url(re.compile("/confirm$"))
    expect(page.get_by_role("button", name="Delete team")).to_be_visible()
    page.goto("/list")
    page.get_by_role("button", name="Filter").click()
    page.locator("#filters summary", has_text="Status").click()
    page.get_by_label("Pending").check()
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile("filter=status&operator=one_of&value=pending"))
    context.close()
