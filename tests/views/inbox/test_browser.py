"""The inbox in a real browser: by keys, by hand, without scripts; accessible in all looks and widths."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.models.tickets import Status
from tests.serving import served
from tests.views.inbox.conftest import PASSWORD, Desk

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def address(app: Flask, desk: Desk) -> Iterator[str]:
    """The application, served from a thread, with tokens asked for as in earnest."""
    app.config["WTF_CSRF_ENABLED"] = True
    with served(app) as where:
        yield where
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def window(chromium: Browser, address: str) -> Iterator[Open]:
    """A way to open a page, signed in as Mara. Whatever the browser complains about fails the test."""
    complaints: list[str] = []
    opened: list[BrowserContext] = []

    def go(path: str, theme: str = "light", **look: object) -> Page:
        look = {"viewport": {"width": 1440, "height": 860}} | look
        context = chromium.new_context(base_url=address, **look)  # type: ignore[arg-type]
        opened.append(context)
        context.add_cookies([{"name": "fd_theme", "value": theme, "url": address}])
        context.on("console", lambda m: complaints.append(m.text) if is_complaint(m.type, m.text) else None)
        context.on("weberror", lambda e: complaints.append(str(e.error)))
        context.on("request", lambda r: None if r.url.startswith(address) else complaints.append(r.url))
        page = context.new_page()
        page.goto("/login/")
        page.fill("[name=email]", "mara@desk.example")
        page.fill("[name=password]", PASSWORD)
        page.click("main button.is-primary")
        page.goto(path)
        return page

    yield go
    for context in opened:
        context.close()
    assert complaints == []


def is_complaint(kind: str, text: str) -> bool:
    """Tell whether the browser found something wrong; an answer of 4xx is part of the test."""
    return kind in {"error", "warning"} and "the server responded with a status of 4" not in text


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1100, 390])
def test_accessible_everywhere(desk: Desk, window: Open, axe: str, theme: str, width: int) -> None:
    desk.says(desk.ids["refund"], "Any news?")
    page = window("/inbox/open/", theme, viewport={"width": width, "height": 860})
    for path in ("/inbox/open/", "/inbox/pending/", f"/inbox/open/{desk.ids['refund']}", "/profile/"):
        page.goto(path)
        page.evaluate("for (const one of document.querySelectorAll('.decision')) one.open = true")
        page.evaluate(axe)
        found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_by_keys_alone(desk: Desk, window: Open) -> None:
    first, second = desk.ticket("Keys, the second"), desk.ticket("Keys, the first")
    page = window("/inbox/unassigned/?q=keys")
    page.evaluate("window.same = true")
    page.keyboard.press("j")
    expect(page.locator("h2", has_text="Keys, the first")).to_be_visible()
    page.keyboard.press("r")
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.type("On my way")
    page.locator("textarea").blur()
    page.keyboard.press("i")
    expect(page.locator("[name=kind][value=reply]")).to_be_checked()
    page.locator("textarea").blur()
    page.keyboard.press("j")
    expect(page.locator("h2", has_text="Keys, the second")).to_be_visible()
    expect(page.locator("textarea")).to_have_value("")
    page.keyboard.press("k")
    expect(page.locator("textarea")).to_have_value("On my way")
    page.keyboard.press("m")
    expect(page.locator("#f-assignee_id option:checked")).to_have_text("Mara")
    expect(page.locator("textarea")).to_have_value("On my way")
    page.locator("textarea").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message.is-ours")).to_contain_text("On my way")
    expect(page.locator("textarea")).to_have_value("")
    page.keyboard.press("e")
    expect(page.locator(".toast")).to_contain_text("Ticket resolved")
    assert page.evaluate("window.same") is True
    assert desk.said(second) == [("On my way", False)]
    assert desk.now(second).status is Status.RESOLVED
    assert desk.now(first).status is Status.NEW


def test_a_field_is_saved_when_it_is_left_and_taken_back(desk: Desk, window: Open) -> None:
    number = desk.ticket("Fields by hand")
    page = window(f"/inbox/open/{number}")
    page.select_option("#f-priority", "urgent")
    expect(page.locator(".toast")).to_contain_text("Ticket changed")
    assert desk.now(number).priority == "urgent"
    page.click(".toast button:has-text('Undo')")
    expect(page.locator("#f-priority")).to_have_value("medium")
    assert desk.now(number).priority == "medium"


def test_a_newer_message_stops_the_send(desk: Desk, window: Open) -> None:
    number = desk.ticket("Two at once")
    page = window(f"/inbox/open/{number}")
    page.fill("textarea", "Where is it?")
    desk.says(number, "It came today.")
    page.focus("textarea")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".composer-warning")).to_be_visible()
    expect(page.locator(".message", has_text="It came today.")).to_be_visible()
    expect(page.locator("textarea")).to_have_value("Where is it?")
    assert page.url.endswith(f"/inbox/open/{number}")
    assert desk.said(number) == [("It came today.", False)]


def test_whole_without_scripts(desk: Desk, window: Open) -> None:
    number = desk.ticket("No scripts here")
    page = window("/inbox/open/?q=scripts", java_script_enabled=False)
    page.click(f"#line-{number}")
    page.check("[name=kind][value=note]", force=True)
    page.fill("textarea", "Seen.")
    page.click("button:has-text('Add note')")
    expect(page.locator(".message.is-note")).to_contain_text("Seen.")
    page.select_option("#f-priority", "low")
    page.click("button:has-text('Save')")
    assert desk.now(number).priority == "low"
