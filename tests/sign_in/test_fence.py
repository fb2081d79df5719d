"""Whoever adds a route that looks at a password, a link or a code before it was counted meets this test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.adapters import passwords
from app.core.extensions import redis
from app.generate import limits
from app.services import links, second_factor
from tests.sign_in.conftest import PASSWORD, Door

SENT = {
    "email": "bob@example.com",
    "password": "a new long sentence",
    "current": "wrong",
    "code": "123456",
    "rating": "5",
    "name": "x",
    "title": "x",
    "description": "x",
}
"""What every form of the desk is sent."""
HASHES = (
    "app.services.employees.password",
    "app.services.customers.door",
    "app.services.customers.password",
)
"""Where passwords are tested."""


@dataclass
class Fence:
    """What was tested in a request, and whether a try had been counted before."""

    counted: bool = False
    unguarded: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def watch(self, name: str, test: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **facts: Any) -> Any:
            self.seen.add(name)
            if not self.counted:
                self.unguarded.append(name)
            return test(*args, **facts)

        return call

    def count(self, run: Callable[..., Any]) -> Callable[..., Any]:
        def call(script: str, *rest: Any) -> Any:
            self.counted = self.counted or script is limits.COUNT
            return run(script, *rest)

        return call


@pytest.fixture
def fence(monkeypatch: pytest.MonkeyPatch) -> Fence:
    made = Fence()
    monkeypatch.setattr("app.generate.evenly.EVEN", 0)
    monkeypatch.setattr(limits, "_run", made.count(limits._run))
    for module in HASHES:
        monkeypatch.setattr(f"{module}.verify_password", made.watch("password", passwords.verify_password))
    monkeypatch.setattr(links, "find", made.watch("link", links.find))
    monkeypatch.setattr(second_factor, "passes", made.watch("code", second_factor.passes))
    return made


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield method and address of all that can be asked without signing out."""
    words = {"number": "1", "pk": "1", "key": "1", "version": "1"}
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.endswith(("logout", "sign_out", "end_other_sessions")):
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield method, address(rule, words)


def address(rule: Rule, words: dict[str, str]) -> str:
    built = rule.build({name: words.get(name, "x") for name in rule.arguments}, append_unknown=False)
    assert built is not None
    return built[1]


def test_no_route_tests_a_secret_before_it_was_counted(door: Door, fence: Fence) -> None:
    door.enrol("sue")
    waiting, customer = door.app.test_client(), door.app.test_client()
    door.sign_in(waiting, "sue")
    customer.post("/portal/sign-in", data={"email": SENT["email"], "password": PASSWORD})
    clients = {"nobody": door.app.test_client(), "customer": customer, "employee": door.browser("mara")}
    fence.unguarded.clear()
    fence.seen.clear()
    found = []
    for method, path in routes(door.app):
        for who, client in {**clients, "waiting": waiting}.items():
            with door.app.app_context():
                redis().flushdb()
            fence.counted = False
            client.open(path, method=method, **({} if method == "GET" else {"data": SENT}))
            found += [(what, who, method, path) for what in fence.unguarded]
            fence.unguarded.clear()
    assert found == []
    assert fence.seen == {"password", "link", "code"}, "the walk reached each kind of test"
