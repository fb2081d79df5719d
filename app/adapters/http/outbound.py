"""Calls out: check an address, post to it."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpcore

from app.adapters.http import target as targets
from app.adapters.http.addresses import is_public
from app.adapters.http.errors import Refused, Unreachable
from app.adapters.http.lookup import Resolver, lookup, system_resolver
from app.adapters.http.target import Target
from app.adapters.http.wire import Backend, Deadline, Enough

PORTS = frozenset({80, 443, *range(8000, 9000)})
USER_AGENT = "Frontdesk"
MOST_HEADERS, LONGEST_HEADER = 50, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one try: seconds to look up, to connect (with TLS) and in all; bytes to read and to keep."""

    lookup: float = 5
    connect: float = 5
    whole: float = 10
    read: int = 64 * 1024
    keep: int = 20 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said: header names in lower case, the beginning of the body, and the time it took."""

    status: int
    headers: dict[str, str]
    body: str
    is_cut: bool
    milliseconds: int

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx; a redirect is none, because it is never followed."""
        return 200 <= self.status < 300


@dataclass(frozen=True, kw_only=True)
class Outbound:
    """The way out. Holds no connection, so it may be shared by threads.

    `allow_private` is for development and tests: then every address and every port may be called.
    """

    allow_private: bool = False
    limits: Limits = field(default_factory=Limits)
    resolver: Resolver = system_resolver
    tls: ssl.SSLContext | None = None

    def check(self, url: str) -> None:
        """Say whether an address may be called, as when a webhook is saved.

        Raise Refused if not, Unreachable if its host name cannot be found now: that may pass, and every try
        checks again.
        """
        target = self._target(url)
        if not self.allow_private:
            self._addresses(target, self.limits.lookup)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post a body once and return the answer, whatever its status; raise Refused or Unreachable."""
        started = time.monotonic()
        deadline = Deadline(self.limits.whole)
        target = self._target(url)
        addresses = self._addresses(target, min(self.limits.lookup, deadline.left()))
        backend = Backend(addresses, deadline, self.limits.read)
        try:
            status, kept_headers, kept_body, is_cut = self._exchange(target, backend, body, headers)
        except (httpcore.NetworkError, httpcore.RemoteProtocolError, Enough) as error:
            raise Unreachable("disconnected", error) from error
        spent = round((time.monotonic() - started) * 1000)
        return Answer(status, kept_headers, kept_body, is_cut, spent)

    def _target(self, url: str) -> Target:
        target = targets.parse(url)
        if not self.allow_private and target.port not in PORTS:
            raise Refused("port")
        return target

    def _addresses(self, target: Target, seconds: float) -> Sequence[str]:
        addresses = lookup(self.resolver, target.host, seconds)
        if not self.allow_private and not all(map(is_public, addresses)):
            raise Refused("not_public")
        return addresses

    def _exchange(
        self, target: Target, backend: Backend, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, str], str, bool]:
        host, scheme = target.host.encode(), target.scheme.encode()
        connection = httpcore.HTTPConnection(
            httpcore.Origin(scheme, host, target.port),
            ssl_context=self.tls or _system_tls(),
            network_backend=backend,
        )
        request = connection.stream(
            "POST",
            httpcore.URL(scheme=scheme, host=host, port=target.port, target=target.path.encode()),
            headers=_request_headers(target, headers),
            content=body,
            extensions={"timeout": {"connect": self.limits.connect}},
        )
        with connection, request as response:
            return (response.status, _kept_headers(response), *_kept_body(response, self.limits.keep))


def from_config(config: Mapping[str, Any]) -> Outbound:
    """Return the way out for the setting `WEBHOOK_ALLOW_PRIVATE`."""
    return Outbound(allow_private=config["WEBHOOK_ALLOW_PRIVATE"])


@cache
def _system_tls() -> ssl.SSLContext:
    # Made once: reading the system's certificates costs more than a whole call.
    return httpcore.default_ssl_context()


def _request_headers(target: Target, headers: Mapping[str, str]) -> list[tuple[bytes | str, bytes | str]]:
    ours = {"host": target.host_header, "user-agent": USER_AGENT, "accept": "*/*", "connection": "close"}
    return [*ours.items(), *headers.items()]


def _kept_headers(response: httpcore.Response) -> dict[str, str]:
    kept = response.headers[:MOST_HEADERS]
    return {name.decode("latin-1").lower(): value.decode("latin-1")[:LONGEST_HEADER] for name, value in kept}


def _kept_body(response: httpcore.Response, most: int) -> tuple[str, bool]:
    kept = bytearray()
    is_cut = False
    try:
        for chunk in response.iter_stream():
            is_cut = is_cut or len(chunk) > most - len(kept)
            kept += chunk[: most - len(kept)]
    except Enough:
        is_cut = True
    return kept.decode("utf-8", "replace").replace("\0", "\ufffd"), is_cut
