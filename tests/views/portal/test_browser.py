"""The portal in a real browser: accessible, quiet on the network, whole without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from tests.serving import served
from tests.views.portal.conftest import ORDERS, PASSWORD, Desk

pytestmark = pytest.mark.browser

OPEN = (
    "/portal/",
    "/portal/articles/",
    "/portal/articles/?q=zzz",
    "/portal/articles/refunds",
    "/portal/sign-in",
    "/portal/sign-up",
    "/portal/password/",
    "/portal/new",
    f"/portal/new?topic={ORDERS}",
    "/portal/enter/unknown",
)
OWN = ("/portal/", "/portal/tickets/", "/portal/account")
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def address(app: Flask, desk: Desk) -> Iterator[str]:
    """The application, served from a thread, with tokens asked for as in earnest."""
    app.config["WTF_CSRF_ENABLED"] = True
    with served(app) as where:
        yield where


def looking(chromium: Browser, address: str, complaints: list[str], **look: object) -> BrowserContext:
    """A browser window; what it complains about, and what it asks of other hosts, is noted."""
    window = chromium.new_context(base_url=address, **look)  # type: ignore[arg-type]
    window.on("console", lambda m: complaints.append(m.text) if is_complaint(m.type, m.text) else None)
    window.on("weberror", lambda e: complaints.append(str(e.error)))
    window.on(
        "request",
        lambda r: None if r.url.startswith((address, "data:", "blob:")) else complaints.append(r.url),
    )
    return window


def is_complaint(kind: str, text: str) -> bool:
    return kind in ("error", "warning") and "the server responded with a status of 4" not in text


def enter(page: Page) -> None:
    page.goto("/portal/sign-in")
    page.fill("#f-email", "bob@example.com")
    page.fill("#f-password", PASSWORD)
    page.click("main button.is-primary")
    page.wait_for_url("**/portal/tickets/")


def check(page: Page, window: BrowserContext, axe: str, path: str) -> list[str]:
    """What is wrong with the page at `path`, by the accessibility checker and by its width."""
    page.goto(path)
    window.new_cdp_session(page).send(
        "Runtime.evaluate", {"expression": axe}
    )  # the page's policy forbids more
    found: list[str] = page.evaluate(
        "async rules => (await axe.run(document, {runOnly: rules})).violations.map(v => v.id)", RULES
    )
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [f"{path}: {rule}" for rule in found] + ([f"{path}: too wide"] if wide else [])


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_every_page_is_accessible_and_asks_no_other_host(
    chromium: Browser, address: str, axe: str, desk: Desk, scheme: str, width: int
) -> None:
    complaints: list[str] = []
    window = looking(
        chromium, address, complaints, color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    page = window.new_page()
    wrong = [one for path in OPEN for one in check(page, window, axe, path)]
    enter(page)
    wrong += [
        one for path in (*OWN, f"/portal/tickets/{desk.mine}") for one in check(page, window, axe, path)
    ]
    window.close()
    assert wrong + complaints == []


def test_hints_appear_while_the_subject_is_typed(chromium: Browser, address: str) -> None:
    complaints: list[str] = []
    window = looking(chromium, address, complaints)
    page = window.new_page()
    page.goto("/portal/new?topic=Billing")
    page.locator("#f-title").press_sequentially("My parcel")
    page.locator("#hints a", has_text="Track your parcel").wait_for()
    window.close()
    assert complaints == []


def test_the_whole_way_works_without_scripts(chromium: Browser, address: str) -> None:
    complaints: list[str] = []
    window = looking(chromium, address, complaints, java_script_enabled=False)
    page = window.new_page()
    enter(page)
    page.goto("/portal/new")
    page.click(f"text={ORDERS}")
    page.fill("#f-title", "Where is it?")
    page.fill("#f-description", "It should have come.")
    page.click("text=Send")
    assert page.locator(".problem").count() == 1  # the order's number is asked for by this topic
    assert page.input_value("#f-title") == "Where is it?"
    page.fill('[name="custom_fields.order_number"]', "123456")
    page.click("text=Send")
    page.click("text=See my request")
    page.fill("#f-message_body", "Oh, it has come.")
    page.click("main button:has-text('Send')")
    assert page.locator(".message").count() == 2
    page.click("text=Solved, thank you")
    assert page.locator("h1 + .hint").inner_text().startswith("Solved")
    page.click("[name=rating][value='5']")
    assert page.get_attribute("[name=rating][value='5']", "aria-pressed") == "true"
    page.fill("#f-comments", "Quick!")
    page.click("text=Save comment")
    assert page.input_value("#f-comments") == "Quick!"
    page.click("text=Sign out")
    assert page.locator("text=Sign in").count() > 0
    window.close()
    assert complaints == []
