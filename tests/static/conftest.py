"""A gallery being served, and a Chromium to look at it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.static import gallery


class Quiet(WSGIRequestHandler):
    """Serves without a log line a request."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  the library's name
        """Say nothing."""


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of the gallery, served from a thread."""
    server = make_server("127.0.0.1", 0, gallery.create(), threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def tab(browser: Browser, address: str) -> Iterator[Page]:
    """A tab without a past. Errors, refusals of the policy and requests off the host fail the test."""
    complaints: list[str] = []
    context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 860})
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.on(
        "request",
        lambda r: None if r.url.startswith((address, "blob:", "data:")) else complaints.append(r.url),
    )
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A fresh tab for one test."""
    with tab(chromium, address) as fresh:
        yield fresh


@pytest.fixture(scope="module")
def shared_page(chromium: Browser, address: str) -> Iterator[Page]:
    """One tab for all tests of a module that only look; it keeps the static files."""
    with tab(chromium, address) as kept:
        yield kept
