"""A real Chromium for the tests that need one, and the accessibility checker they run in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def program() -> str | None:
    """Where Chromium is: CHROMIUM, else the first known name on the path."""
    found = (shutil.which(name) for name in NAMES)
    return os.environ.get("CHROMIUM") or next((path for path in found if path), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser. Without one a test is skipped, or fails where REQUIRE_BROWSER=1 says that none may be."""
    path = program()
    if path is None:
        missing = "no Chromium on this machine: apt-get install chromium, or name one in CHROMIUM"
        pytest.fail(missing) if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker's source."""
    return (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
