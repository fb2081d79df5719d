"""Receivers that mean harm, on raw sockets: each holds its sender as long, or feeds it as much, as it can."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

OK = b"HTTP/1.1 200 OK\r\n"


@dataclass
class Hostile:
    """A server on a free port; `at_once` is the most senders it ever held at the same time."""

    harm: Callable[[socket.socket, threading.Event], None]
    port: int = 0
    calls: int = 0
    at_once: int = 0
    released: threading.Event = field(default_factory=threading.Event)
    _now: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, sender: socket.socket) -> None:
        """Take a request, and do harm until the sender is gone or the test releases it."""
        with self._lock:
            self.calls, self._now = self.calls + 1, self._now + 1
            self.at_once = max(self.at_once, self._now)
        with sender, suppress(OSError):
            sender.recv(65536)
            self.harm(sender, self.released)
        with self._lock:
            self._now -= 1


@contextmanager
def doing(harm: Callable[[socket.socket, threading.Event], None]) -> Iterator[Hostile]:
    """Do `harm` to whoever connects, until the end of the block."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        made = Hostile(harm, server.getsockname()[1])

        def serve() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=made.answer, args=server.accept()[:1], daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield made
        finally:
            made.released.set()


def dead(_sender: socket.socket, released: threading.Event) -> None:
    """Take the request and say nothing."""
    released.wait()


def slow(sender: socket.socket, released: threading.Event) -> None:
    """Say a little, again and again, so that no single wait is long."""
    sender.sendall(OK)
    while not released.wait(0.05):
        sender.sendall(b"x")


def endless(sender: socket.socket, _released: threading.Event) -> None:
    """Answer with a body that has no end."""
    sender.sendall(OK + b"\r\n")
    while True:
        sender.sendall(b"x" * 65536)


def huge(sender: socket.socket, _released: threading.Event) -> None:
    """Answer with headers that have no end."""
    sender.sendall(OK)
    while True:
        sender.sendall(b"x-more: " + b"x" * 8192 + b"\r\n")
