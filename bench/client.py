"""A plain HTTP client: connections that stay open, cookies kept, nothing followed or retried."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
SECONDS = 60


@dataclass(frozen=True)
class Request:
    """What is asked. A mapping as body is sent as JSON."""

    path: str
    method: str = "GET"
    body: Mapping[str, Any] | None = None
    expected: int = 200


@dataclass
class Client:
    """One connection, and the headers of who is signed in."""

    address: str
    headers: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def again(self) -> Client:
        """Return another connection of the same person, with the same cookies."""
        return Client(self.address, self.headers)

    def ask(self, request: Request) -> bytes:
        """Return the body of the answer. Raises ValueError for another status than expected."""
        content = None if request.body is None else json.dumps(request.body).encode()
        headers = self.headers | ({"Content-Type": "application/json"} if content else {})
        status, answered, body = self._send(request.method, request.path, content, headers)
        self._keep(answered)
        if status != request.expected:
            said = body[:300].decode(errors="replace")
            raise ValueError(f"{request.method} {request.path} was answered {status}: {said}")
        return body

    def sign_in(self, path: str, **fields: str) -> Client:
        """Fill in the form at `path` and keep the session that it gives."""
        _status, headers, page = self._send("GET", path, None, {})
        token = TOKEN.search(page.decode())
        self._keep(headers)
        form = urlencode({**fields, "csrf_token": token[1] if token else ""}).encode()
        typed = {**self.headers, "Content-Type": "application/x-www-form-urlencoded"}
        status, headers, _page = self._send("POST", path, form, typed)
        if status != 302:
            raise ValueError(f"Signing in at {path} was answered {status}.")
        self._keep(headers)
        return self

    def bear(self, token: str) -> Client:
        """Return another connection that shows a key or token."""
        return Client(self.address, {"Authorization": f"Bearer {token}"})

    def _keep(self, headers: http.client.HTTPMessage) -> None:
        if "Set-Cookie" not in headers:
            return
        cookies = dict(pair.split("=", 1) for pair in self.headers.get("Cookie", "").split("; ") if pair)
        for line in headers.get_all("Set-Cookie") or ():
            name, _, value = line.split(";", 1)[0].partition("=")
            cookies[name] = value
        self.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())

    def _send(
        self, method: str, path: str, content: bytes | None, headers: dict[str, str]
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        if self._connection is None:
            place = urlsplit(self.address)
            self._connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=SECONDS)
        self._connection.request(method, path, content, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.headers, answer.read()
