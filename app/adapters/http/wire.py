"""The connection of one try: to the checked addresses only, within one deadline and one budget of bytes."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable, Sequence

from httpcore import SOCKET_OPTION, NetworkBackend, NetworkStream, ReadError, WriteError

from app.adapters.http.errors import Unreachable


class Enough(Exception):
    """The receiver sent as many bytes as are read."""


class Deadline:
    """A moment after which nothing waits any more; a receiver that drips byte by byte cannot move it."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self, code: str = "timeout") -> float:
        """Return the seconds that remain; raise Unreachable with `code` when there are none."""
        seconds = self._ends - time.monotonic()
        if seconds <= 0:
            raise Unreachable(code)
        return seconds


class Stream(NetworkStream):
    """A socket that obeys the deadline and the budget whatever timeouts it is asked for."""

    def __init__(self, sock: socket.socket, deadline: Deadline, budget: int) -> None:
        self._sock = sock
        self._deadline = deadline
        self._budget = budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Receive some bytes; raise Enough when the budget is spent."""
        if self._budget <= 0:
            raise Enough
        self._sock.settimeout(self._deadline.left())
        try:
            data = self._sock.recv(min(max_bytes, self._budget))
        except TimeoutError as error:
            raise Unreachable("timeout") from error
        except OSError as error:
            raise ReadError(error) from error
        self._budget -= len(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all bytes."""
        rest = memoryview(buffer)
        try:
            while rest:
                self._sock.settimeout(self._deadline.left())
                rest = rest[self._sock.send(rest) :]
        except TimeoutError as error:
            raise Unreachable("timeout") from error
        except OSError as error:
            raise WriteError(error) from error

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        """Return the encrypted stream; the certificate is checked against the name, not the address."""
        limit = self._deadline.left() if timeout is None else min(timeout, self._deadline.left())
        self._sock.settimeout(limit)
        try:
            sock = ssl_context.wrap_socket(self._sock, server_hostname=server_hostname)
        except OSError as error:
            self.close()
            raise _tls_failure(error) from error
        return Stream(sock, self._deadline, self._budget)

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()


class Backend(NetworkBackend):
    """Connects to the addresses that were checked, whatever the name may mean by now."""

    def __init__(self, addresses: Sequence[str], deadline: Deadline, budget: int) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._budget = budget

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        """Connect to the first address that accepts; each gets a fair share of the time."""
        limit = Deadline(min(timeout or self._deadline.left(), self._deadline.left()))
        failure: OSError = OSError("no address")
        for place, address in enumerate(self._addresses):
            share = limit.left("connect_timeout") / (len(self._addresses) - place)
            try:
                sock = socket.create_connection((address, port), share)
            except OSError as error:
                failure = error
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return Stream(sock, self._deadline, self._budget)
        code = "connect_timeout" if isinstance(failure, TimeoutError) else "connect_failed"
        raise Unreachable(code, failure) from failure


def _tls_failure(error: OSError) -> Unreachable:
    if isinstance(error, TimeoutError):
        return Unreachable("connect_timeout", error)
    return Unreachable("tls" if isinstance(error, ssl.SSLError) else "disconnected", error)
