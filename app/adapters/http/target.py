"""An address taken apart once, so that no two parsers can understand it differently."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from app.adapters.http.errors import Refused

LONGEST = 2048
DEFAULT_PORTS = {"http": 80, "https": 443}

_PRINTABLE = re.compile(r"[!-~]+")  # no spaces, no control characters, nothing beyond ASCII
_NAME = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?")
_IPV6 = re.compile(r"[0-9a-f:.]+")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes: scheme, host without brackets, port, and path with query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """The host as the receiver expects it: brackets around IPv6, the port only if unusual."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == DEFAULT_PORTS[self.scheme] else f"{name}:{self.port}"


def parse(url: str) -> Target:
    """Take an address apart; raise Refused when it is malformed or of a kind that is never called."""
    if len(url) > LONGEST:
        raise Refused("too_long")
    if not _PRINTABLE.fullmatch(url) or "\\" in url:
        raise Refused("malformed")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused("malformed") from error
    if parts.scheme not in DEFAULT_PORTS:
        raise Refused("scheme")
    if "@" in parts.netloc:
        raise Refused("userinfo")
    port = DEFAULT_PORTS[parts.scheme] if port is None else port
    return Target(parts.scheme, _host(parts), port, _path(parts))


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    allowed = _IPV6 if "[" in parts.netloc else _NAME
    if not allowed.fullmatch(host):
        raise Refused("malformed")
    return host


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
