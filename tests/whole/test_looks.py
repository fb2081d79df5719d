"""Every page in a real Chromium: accessible by day and night, narrow and both ways, quiet on the network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select, text

from app import models
from app.core.clock import now
from app.core.declare import Desk
from app.core.extensions import db
from app.core.i18n import PSEUDO
from app.demo.people import PASSWORD
from app.models.teams import Team
from app.models.tickets import Status, Ticket
from tests.whole.small_desk import sign_in
from tests.windows import dark_violations, violations, window

pytestmark = pytest.mark.browser

MANAGED = [model for model in models.load() if model.resource.desk is Desk.MANAGE]
WATCHED = [model for model in models.load() if model.resource.desk is Desk.WATCH]
NARROW = 390
SAMPLE = (
    "/inbox/open/", "/admin/tickets/list/", "/admin/tickets/add", "/admin/customers/show/1",
    "/console/mails/", "/console/routing_decisions/", "/developers/usage", "/admin/api_keys/add", "/profile/",
    "/people/skills", "/people/coverage", "/jobs/queues", "/settings/branding", "/developers/",
    "/access/?with=2", "/access/3", "/access/why?employee=3&table=teams&verb=edit",
    "/profile/security", "/profile/second-factor", "/portal/",
    "/admin/webhooks/show/1", "/admin/webhooks/add", "/console/webhook_deliveries/details/?id=1", "/login/",
    "/console/mails/details/?id=1", "/console/audit_logs/details/?id=1", "/admin/tickets/show/1?tab=history",
    "/console/ticket_history/details/?id=1", "/console/routing_decisions/details/?id=1",
    "/admin/macros_templates/edit/1", "/admin/macros_templates/list/", "/fields/tickets", "/fields/type/2",
    "/admin/schema_definitions/edit/2", "/admin/saved_views/list/", "/admin/employees/list/",
    "/admin/employees/edit/2", "/admin/customers/import", "/lists/tickets/columns", "/admin/tickets/filter",
    "/inbox/open/1/merge",
    "/console/audit_logs/", "/console/api_logs/", "/admin/routing_rules/edit/1",
    "/admin/webhooks/list/?q=zzzz",
)  # fmt: skip
"""Pages looked at in unusual dress besides."""
ERRORS = ("/none", "/nowhere", "?nmae=1")
"""How addresses end that answer with an error page, which is looked at like any other."""
BY_HAND = (
    "/", "/people/skills", "/people/coverage", "/jobs/queues", "/settings/branding", "/developers/",
    "/developers/usage", "/access/?with=2", "/access/3", "/access/why?employee=3&table=teams&verb=edit",
    "/fields/tickets", "/fields/type/2", "/lists/tickets/columns", "/profile/second-factor",
)  # fmt: skip
"""Pages written by hand, which no other test holds in a wide window."""


@pytest.fixture(scope="module")
def nobody(chromium: Browser, address: str) -> Iterator[Page]:
    with window(chromium, address) as opened:
        yield opened.new_page()


def look(page: Page, axe: str, *paths: str) -> list[str]:
    """What is wrong with pages in light, and in dark."""
    wrong = []
    for path in paths:
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok != path.endswith(ERRORS), path
        wrong += violations(page, axe) + dark_violations(page)
    return wrong


def links(page: Page, selector: str) -> list[str]:
    """The addresses of some links of the page that is open."""
    return [str(one.get_attribute("href")) for one in page.locator(selector).all()]


@pytest.mark.parametrize("model", MANAGED, ids=lambda model: model.__tablename__)
def test_screens_of_what_is_managed(admin: Page, axe: str, model: Any) -> None:
    """The list, a row and the form."""
    base = f"/admin/{model.__tablename__}"
    wrong = look(admin, axe, f"{base}/list/")
    wrong += look(admin, axe, links(admin, "tbody .row-link")[0])
    assert wrong + look(admin, axe, f"{base}/add") == []


@pytest.mark.parametrize("table", ["tickets", "teams", "webhooks"])
def test_what_can_be_done_on_screens(admin: Page, axe: str, table: str) -> None:
    """Each tab of a row, its form, the question before each deed, and a form with mistakes."""
    base = f"/admin/{table}"
    admin.goto(f"{base}/list/")
    admin.goto(links(admin, "tbody .row-link")[0])
    pages = [*links(admin, ".tabs a:not([aria-current])"), *deeds(admin, base)]
    assert len(pages) >= 3
    wrong = look(admin, axe, *pages, f"{base}/add")
    with admin.expect_navigation():
        admin.locator("main form.form footer .is-primary").click()
    assert admin.locator(".problem").count() > 0
    assert wrong + violations(admin, axe) + dark_violations(admin) == []


@pytest.mark.parametrize("model", WATCHED, ids=lambda model: model.__tablename__)
def test_pages_of_what_is_watched(admin: Page, axe: str, model: Any) -> None:
    """The list, and a row where it has a page of its own."""
    wrong = look(admin, axe, f"/console/{model.__tablename__}/")
    assert admin.locator("tbody tr").count() > 0, "the small desk has a row in every table"
    assert wrong + look(admin, axe, *links(admin, "tbody .row-link")[:1]) == []


def deeds(page: Page, base: str) -> list[str]:
    """What may be done with the row that is shown: edit, delete, and its declared actions."""
    found = [
        url for verb in ("edit", "delete", "act") for url in links(page, f".head a[href^='{base}/{verb}/']")
    ]
    return sorted(set(found))


def test_a_form_that_somebody_else_saved_meanwhile(app: Flask, admin: Page, axe: str) -> None:
    with app.app_context():
        team = db.session.scalar(select(Team.id).order_by(Team.id).limit(1))
    admin.goto(f"/admin/teams/edit/{team}")
    with app.app_context():
        changed = text("UPDATE teams SET name = 'Theirs', version = version + 1 WHERE id = :team")
        db.session.execute(changed, {"team": team})
        db.session.commit()
    admin.locator("[name=name]").fill("Mine")
    with admin.expect_navigation():
        admin.locator("main form.form footer .is-primary").click()
    assert admin.locator(".difference").count() == 1
    assert violations(admin, axe) + dark_violations(admin) == []


def test_inbox_profile_and_errors(app: Flask, admin: Page, axe: str) -> None:
    with app.app_context():
        one = db.session.scalar(select(Ticket.id).where(Ticket.status == Status.RESOLVED).limit(1))
    pages = (
        "/inbox/mine/", "/inbox/resolved/", f"/inbox/resolved/{one}", "/inbox/open/?q=zzzz", "/profile/",
        "/profile/security",
        "/nowhere", "/admin/teams/list/?q=zzzz", "/admin/tickets/list/?status=open",
        "/admin/teams/list/?nmae=1",
    )  # fmt: skip
    assert look(admin, axe, *pages, *links(admin, ".nav-item[href^='/inbox/']")) == []


def test_pages_of_strangers(nobody: Page, axe: str) -> None:
    pages = (
        "/login/", "/password/", "/password/none", "/portal/", "/portal/articles/", "/portal/new",
        "/portal/sign-in", "/portal/sign-up", "/portal/password/", "/portal/enter/none", "/portal/rate/none",
        "/portal/nowhere", "/api/v1/docs",
    )  # fmt: skip
    wrong = look(nobody, axe, *pages)
    nobody.goto("/portal/articles/")
    wrong += look(nobody, axe, links(nobody, "a.article-row")[0])
    nobody.goto("/portal/new")
    assert wrong + look(nobody, axe, links(nobody, "main a[href*='topic=']")[0]) == []


def test_pages_of_customers(chromium: Browser, address: str, axe: str) -> None:
    with window(chromium, address) as opened:
        page = opened.new_page()
        sign_in(page, "/portal/sign-in", "customer@example.com")
        page.goto("/portal/tickets/")
        request = links(page, "a.request")[0]
        assert look(page, axe, "/portal/tickets/", request, "/portal/account", "/portal/new") == []


def test_the_second_factor(chromium: Browser, address: str, axe: str) -> None:
    """Set up with the keyboard, its pages in turn, and asked for at the next sign-in."""
    with window(chromium, address) as opened:
        page, wrong = opened.new_page(), []
        sign_in(page, "/login/", "supervisor@example.com")
        page.goto("/profile/second-factor")
        page.locator("[name=current]").fill(PASSWORD)
        page.keyboard.press("Enter")
        key = page.locator(".is-key").inner_text().replace(" ", "")
        wrong += violations(page, axe) + dark_violations(page)
        page.locator("[name=code]").fill(pyotp.TOTP(key).at(int(now().timestamp())))
        page.keyboard.press("Enter")
        page.locator("#once").wait_for()
        wrong += violations(page, axe) + dark_violations(page)
        with page.expect_download() as kept:
            page.get_by_role("link", name="Download").click()
        assert len(Path(kept.value.path()).read_text().split()) == 10
        page.get_by_role("link", name="I have kept them").click()
        page.locator(".sessions").wait_for()
        wrong += violations(page, axe)
    with window(chromium, address) as opened:
        page = opened.new_page()
        sign_in(page, "/login/", "supervisor@example.com")
        assert "/login/code" in page.url
        assert wrong + look(page, axe, page.url) == []


@pytest.mark.parametrize("width", [1280, 1024, NARROW])
def test_a_week_needs_no_scrolling_sideways(admin: Page, width: int) -> None:
    """In a language with a clock of twelve hours, whose times are the longest."""
    before = admin.viewport_size
    admin.set_viewport_size({"width": width, "height": 800})
    admin.goto("/people/coverage")
    assert admin.locator(".week").count() == 1
    room = "document.querySelector('main .scroll')"
    assert admin.evaluate(f"{room}.scrollWidth <= {room}.clientWidth")
    if before:
        admin.set_viewport_size(before)


def test_who_may_what_is_walked_with_the_arrows(admin: Page, axe: str) -> None:
    """One stop for Tab; Enter goes into a cell, where the arrows are the select's, and Escape back."""
    admin.goto("/access/3")
    at = "document.activeElement"
    admin.locator("[data-grid] tbody td[tabindex='0']").focus()
    here = f"[{at}.parentElement.rowIndex, {at}.cellIndex, {at}.tagName]"
    row, column, _tag = admin.evaluate(here)
    for key, place in (
        ("ArrowDown", (1, 0)),
        ("ArrowRight", (1, 1)),
        ("ArrowUp", (0, 1)),
        ("Home", (0, -column)),
    ):
        admin.keyboard.press(key)
        assert admin.evaluate(here)[:2] == [row + place[0], column + place[1]]
    admin.keyboard.press("ArrowRight")
    admin.keyboard.press("Enter")
    assert admin.evaluate(f"{at}.tagName") == "SELECT"
    admin.keyboard.press("Escape")
    assert admin.evaluate(f"{at}.tagName") == "TD"
    assert admin.locator("[data-grid] tbody [tabindex='0']").count() == 1
    assert violations(admin, axe) == []


def turned(opened: BrowserContext, address: str, direction: str) -> None:
    """Let every page read in a direction: from right to left in the pseudo-locale, with its longer texts."""
    if direction == "rtl":
        opened.add_cookies([{"name": "fd_language", "value": PSEUDO, "url": address}])
    opened.add_init_script(f"new MutationObserver((_, all) => document.documentElement && "
                           f"(document.documentElement.dir = '{direction}', all.disconnect()))"
                           ".observe(document, {childList: true})")  # fmt: skip


def glance(page: Page, axe: str, paths: tuple[str, ...], direction: str) -> list[str]:
    """What is wrong with pages that read in a direction, in the one scheme the window has."""
    wrong = []
    for path in paths:
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, path
        assert page.evaluate("document.documentElement.dir") == direction
        wrong += violations(page, axe)
    return wrong


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_narrow_windows_and_both_directions(
    chromium: Browser, address: str, axe: str, direction: str
) -> None:
    """Nothing is wider than the window, and no rule is broken by what folds away."""
    with window(chromium, address, viewport={"width": NARROW, "height": 800}) as opened:
        turned(opened, address, direction)
        page = opened.new_page()
        sign_in(page, "/login/", "admin@example.com")
        assert glance(page, axe, SAMPLE, direction) == []


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_pages_written_by_hand_in_a_wide_window(
    chromium: Browser, address: str, axe: str, direction: str
) -> None:
    """By day from left to right and by night from right to left: each is held in both, once."""
    scheme = "light" if direction == "ltr" else "dark"
    with window(chromium, address, color_scheme=scheme) as opened:
        turned(opened, address, direction)
        page = opened.new_page()
        sign_in(page, "/login/", "admin@example.com")
        assert glance(page, axe, BY_HAND, direction) == []
