"""Nothing but the adapters opens a connection to the outside: every import of the program is looked at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[3] / "app"
ADAPTERS = {APP / "adapters" / "http", APP / "adapters" / "mail"}
OUT = (
    *("aiohttp", "ftplib", "http.client", "httpcore", "httpx", "imaplib", "poplib", "pycurl", "requests"),
    *("smtplib", "telnetlib", "urllib.request", "urllib3", "websockets", "xmlrpc.client"),
)
"""What can call out."""

SOCKETS = {
    "embedded": "the servers of the program itself, on this machine",
    "jobs": "the name of this machine, under which a worker is known",
    "launch": "the ports the program listens on",
}
"""Folders that may use sockets, and for what."""


def imports(text: str) -> Iterator[str]:
    """Yield the dotted name of everything that a module imports, wherever the import stands."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def leads_out(name: str, out: tuple[str, ...] = OUT) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in out)


MODULES = sorted(path for path in APP.rglob("*.py") if not ADAPTERS & {*path.parents})


def test_only_the_adapters_call_out() -> None:
    assert len(MODULES) > 300
    found = {
        path.relative_to(APP) for path in MODULES if any(map(leads_out, imports(path.read_text("utf-8"))))
    }
    assert found == set()


def test_sockets_are_opened_by_the_adapters_and_for_the_machine_itself() -> None:
    found = {
        path.relative_to(APP).parts[0]
        for path in MODULES
        if any(
            leads_out(name, ("socket", "asyncio.open_connection"))
            for name in imports(path.read_text("utf-8"))
        )
    }
    assert found <= set(SOCKETS)


@pytest.mark.parametrize(
    "line",
    [
        "import requests",
        "from urllib.request import urlopen",
        "from urllib import request",
        "import http.client as x",
        "def f():\n    import httpx",
    ],
)
def test_every_way_of_importing_is_seen(line: str) -> None:
    assert any(map(leads_out, imports(line)))
