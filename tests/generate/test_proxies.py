"""A proxy that is configured says who calls; what anybody else says of it is not believed."""

from __future__ import annotations

import pytest
from flask import Flask, request

from app.generate import web

PROXIES = ("10.0.0.5/32", "10.1.0.0/16", "fd00::/8")
CALLER = "203.0.113.9"


@pytest.mark.parametrize(
    ("connected", "forwarded", "seen"),
    [
        pytest.param("10.0.0.5", CALLER, CALLER, id="a proxy"),
        pytest.param("10.1.7.7", CALLER, CALLER, id="one of a network"),
        pytest.param("fd00::5", "2001:db8::9", "2001:db8::9", id="of IPv6"),
        pytest.param("10.0.0.5", f"198.51.100.1, {CALLER}", CALLER, id="what the caller made up before it"),
        pytest.param("10.0.0.5", f"{CALLER}, 10.1.0.2", CALLER, id="behind two proxies"),
        pytest.param("10.0.0.5", "10.1.0.3, 10.1.0.2", "10.1.0.3", id="from within"),
        pytest.param("10.0.0.6", CALLER, "10.0.0.6", id="no proxy of ours"),
        pytest.param(CALLER, "10.0.0.5", CALLER, id="who says to be a proxy"),
        pytest.param("10.0.0.5", "unknown", "", id="a proxy that does not know"),
        pytest.param("10.0.0.5", "x" * 500, "", id="no address"),
        pytest.param("10.0.0.5", "", "10.0.0.5", id="a proxy for itself"),
    ],
)
def test_who_calls(connected: str, forwarded: str, seen: str) -> None:
    assert _told(PROXIES, connected, forwarded, "https")[0] == seen


@pytest.mark.parametrize(
    ("connected", "said", "scheme"),
    [
        pytest.param("10.0.0.5", "https", "https", id="a proxy that ends TLS"),
        pytest.param("10.0.0.5", "gopher", "http", id="no scheme of ours"),
        pytest.param(CALLER, "https", "http", id="anybody else"),
    ],
)
def test_whether_it_was_called_by_https(connected: str, said: str, scheme: str) -> None:
    answer = _told(PROXIES, connected, CALLER, said)
    assert answer[1] == scheme
    assert ("max-age" in answer[2]) is (scheme == "https"), "browsers are told to come by https"


def test_nobody_is_believed_where_no_proxy_is_configured() -> None:
    assert _told((), "10.0.0.5", CALLER, "https")[:2] == ["10.0.0.5", "http"]


def _told(proxies: tuple[str, ...], connected: str, forwarded: str, scheme: str) -> list[str]:
    """Return the address and the scheme that a page sees, and whether to insist on https."""
    app = Flask(__name__)
    app.config["TRUSTED_PROXIES"] = proxies
    app.add_url_rule("/", view_func=lambda: [request.remote_addr or "", request.scheme])
    web.install(app)
    headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": scheme}
    answer = app.test_client().get("/", headers=headers, environ_base={"REMOTE_ADDR": connected})
    return [*answer.json, answer.headers.get("Strict-Transport-Security", "")]
