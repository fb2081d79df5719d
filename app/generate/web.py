"""Who a request comes from, and what every answer carries: a request id, the security headers, no caching."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from flask import Flask, g, request
from flask.json.tag import JSONTag
from flask.sessions import session_json_serializer
from granian.utils.proxies import wrap_wsgi_with_proxy_headers
from werkzeug.wrappers import Response

from app.core.i18n import LazyString

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
YEAR = 365 * 24 * 3600


class _Said(JSONTag):
    """A lazy text in the session, as what is flashed: the cookie keeps what it says now."""

    key = " said"

    def check(self, value: Any) -> bool:
        return isinstance(value, LazyString)

    def to_json(self, value: Any) -> str:
        return str(value)

    def to_python(self, value: Any) -> str:
        return str(value)


session_json_serializer.register(_Said)


def install(app: Flask) -> None:
    """Hang the request id and the headers on `app`; let proxies that are trusted say whom they speak for."""
    app.before_request(_begin)
    app.after_request(_finish)
    proxies = app.config["TRUSTED_PROXIES"]
    if proxies:
        forwarded = wrap_wsgi_with_proxy_headers(_addressed(app.wsgi_app), [*proxies])
        app.wsgi_app = forwarded  # type: ignore[method-assign]  # as Flask documents it


def _addressed(wsgi: WSGIApplication) -> WSGIApplication:
    """Return `wsgi` with no other words for the caller than an address, whatever a proxy passed on."""

    def asked(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        try:
            environ["REMOTE_ADDR"] = str(ip_address(environ.get("REMOTE_ADDR", "")))
        except ValueError:
            environ["REMOTE_ADDR"] = ""
        return wsgi(environ, start)

    return asked


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if re.fullmatch(r"[A-Za-z0-9_.-]{8,64}", given) else secrets.token_hex(8)
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if "request_id" in g:
        response.headers["X-Request-Id"] = g.request_id
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")
    response.headers.setdefault("Cache-Control", "no-store")
    if response.status_code == 304:
        response.close()  # an answer without a body: nobody else closes the file it would have sent
    return response
