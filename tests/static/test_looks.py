"""Every page in every dress: no accessibility violation, nothing refused, nothing wider than the screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.static import gallery

pytestmark = pytest.mark.browser

DRESSES = {
    "light": ("theme=light&flash=1", 1440),
    "dark": ("theme=dark&flash=1", 1440),
    "folded dark right to left": ("theme=dark&dir=rtl&folded=1", 1024),
    "narrow": ("theme=light", 390),
    "narrow right to left": ("theme=light&dir=rtl", 390),
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("name", gallery.PAGES)
def test_page_in_every_dress(shared_page: Page, axe: str, name: str, dress: str) -> None:
    page = shared_page
    query, width = DRESSES[dress]
    page.set_viewport_size({"width": width, "height": 860})
    page.goto(f"/{name}?{query}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page, axe) == []


def violations(page: Page, axe: str) -> list[str]:
    """Run axe over the page; return what it found as "rule: selector"."""
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)[
        "violations"
    ]
    return [f"{v['id']}: {node['target']} {node['failureSummary']}" for v in found for node in v["nodes"]]
