"""A gallery being served, and a Chromium to look at it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

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


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: errors, refused by the security policy, requests off the host."""
    return []


@pytest.fixture
def page(chromium: Browser, address: str, complaints: list[str]) -> Iterator[Page]:
    """A fresh page; whatever the browser complains about makes the test fail."""
    context = chromium.new_context(base_url=address, viewport={"width": 1440, "height": 860})
    context.set_default_timeout(5000)
    fresh = context.new_page()
    fresh.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    fresh.on("pageerror", lambda e: complaints.append(str(e)))
    fresh.on(
        "request",
        lambda r: None if r.url.startswith((address, "blob:", "data:")) else complaints.append(r.url),
    )
    yield fresh
    context.close()
    assert complaints == []
