"""Browser windows that note everything a page may not do: errors, refusals, other hosts, foreign styles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, Request, Response

LOOKS = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
"""Without motion, or colours would be judged halfway from day to night."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]
REFUSALS = """addEventListener('securitypolicyviolation',
    e => console.error(`refused by the policy: ${e.violatedDirective} ${e.blockedURI}`))"""
OWN = "/assets/"
"""Where the styles and scripts are that we send: those of the libraries beneath never are."""


@contextmanager
def window(browser: Browser, address: str, **look: object) -> Iterator[BrowserContext]:
    """A browser window without a past. What it may not do, whoever lets it, fails the test at the end."""
    complaints: list[str] = []
    opened = browser.new_context(base_url=address, **(LOOKS | look))  # type: ignore[arg-type]
    opened.set_default_timeout(30_000)
    opened.add_init_script(REFUSALS)
    opened.on("console", lambda m: complaints.append(m.text) if is_complaint(m.type, m.text) else None)
    opened.on("weberror", lambda error: complaints.append(str(error.error)))
    opened.on("request", lambda request: complaints.extend(strays(address, request)))
    opened.on("response", lambda response: complaints.extend(failures(response)))
    yield opened
    opened.close()
    assert complaints == []


def is_complaint(kind: str, text: str) -> bool:
    """Whether a line of the console is one; that an asked-for page answered 4xx is not.

    Nor is it that a frame of foreign HTML runs no script: the tests bring one into every frame.
    """
    expected = "the server responded with a status of 4" in text or (
        "/frame/" in text and "is sandboxed" in text
    )
    return kind in ("error", "warning") and not expected


def strays(address: str, request: Request) -> list[str]:
    """A request to another host, or for a style or script that is not ours."""
    own = f"{address}{OWN}" if request.resource_type in ("stylesheet", "script") else f"{address}/"
    return [] if request.url.startswith((own, "data:", "blob:")) else [request.url]


def failures(response: Response) -> list[str]:
    return [f"{response.status} {response.url}"] if response.status >= 500 else []


TOO_WIDE = """[document.documentElement, ...document.querySelectorAll('.pane, dialog[open]')]
    .filter((one) => one.scrollWidth > one.clientWidth + 1)
    .map((one) => one.id || one.className || one.tagName)"""
"""What must never scroll sideways: the page, its panes and open dialogs."""


SPILLED = """[...document.querySelectorAll('td, th, dd')].flatMap((cell) => {
    const room = cell.getBoundingClientRect()
    if (!room.width || getComputedStyle(cell).overflow !== 'visible') return []
    const held = cell.querySelectorAll('input:not([type=hidden]), select, textarea, button, .badge')
    return [...held].filter((one) => {
        if (getComputedStyle(one).position === 'absolute' || one.closest('[popover]')) return false
        const place = one.getBoundingClientRect()
        return place.width > 2 && (place.left < room.left - 1 || place.right > room.right + 1)
    }).map((one) => one.outerHTML.slice(0, 120))
})"""
"""What stands out of its cell, and so lies on what is in the next one."""


def violations(page: Page, axe: str) -> list[str]:
    """What the checker finds on the open page, what is wider than its window or pane, and what its cell."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": axe})  # the page's policy allows no other way
    session.detach()
    wrong = found(page, RULES) + [f"{page.url} too wide: {what}" for what in page.evaluate(TOO_WIDE)]
    return wrong + [f"{page.url} out of its cell: {what}" for what in page.evaluate(SPILLED)]


def dark_violations(page: Page) -> list[str]:
    """What is wrong with the colours of the open page by night; all else is the same as by day.

    `violations` has brought the checker into the page.
    """
    page.emulate_media(color_scheme="dark")
    wrong = found(page, COLOURS)
    page.emulate_media(color_scheme="light")
    return wrong


def found(page: Page, rules: list[str]) -> list[str]:
    """Run the checker with rules or groups of rules; return a line for each element."""
    script = "rules => axe.run({runOnly: rules, resultTypes: ['violations']})"
    wrong = page.evaluate(script, rules)["violations"]
    return [f"{page.url} {rule['id']} {node['html'][:200]}" for rule in wrong for node in rule["nodes"]]
