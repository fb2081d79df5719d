"""Host names to addresses, within a time limit that the system's own lookup does not know."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable, Sequence

from app.adapters.http.errors import Unreachable

Resolver = Callable[[str], Sequence[str]]
"""Takes a host name or address, returns addresses in the order to try; raises OSError if there are none."""


def system_resolver(host: str) -> list[str]:
    """Ask the system, in the order it prefers (RFC 6724)."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def lookup(resolver: Resolver, host: str, seconds: float) -> Sequence[str]:
    """Return the addresses of a host; raise Unreachable when there are none or it takes too long."""
    # A thread of its own: getaddrinfo cannot be interrupted, and a daemon does not hold up the exit.
    answer: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()
    threading.Thread(target=_ask, args=(resolver, host, answer), daemon=True).start()
    try:
        found = answer.get(timeout=seconds)
    except queue.Empty as error:
        raise Unreachable("resolve_timeout") from error
    if isinstance(found, Exception) or not found:
        raise Unreachable("unknown_host", found or host)
    return found


def _ask(resolver: Resolver, host: str, answer: queue.SimpleQueue[Sequence[str] | Exception]) -> None:
    try:
        answer.put(resolver(host))
    except (OSError, UnicodeError) as error:  # UnicodeError: a label that is empty or too long
        answer.put(error)
