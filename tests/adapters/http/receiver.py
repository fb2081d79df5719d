"""A receiver of calls that answers by script, byte by byte if need be."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Script = Callable[[socket.socket], None]


@dataclass
class Receiver:
    """Where the receiver listens and what it was sent."""

    port: int
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?a=1"

    @property
    def head(self) -> dict[str, str]:
        """The headers of the last request, names in lower case."""
        lines = self.requests[-1].partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


@contextmanager
def receiving(script: Script, tls: ssl.SSLContext | None = None, hear: bool = True) -> Iterator[Receiver]:
    """Run a receiver in a thread; `script` answers each request on its socket."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        receiver = Receiver(server.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(server, receiver, script, tls, hear), daemon=True)
        thread.start()
        yield receiver
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def _serve(
    server: socket.socket, receiver: Receiver, script: Script, tls: ssl.SSLContext | None, hear: bool
) -> None:
    while True:
        try:
            accepted, _ = server.accept()
        except OSError:
            return
        with suppress(OSError):  # callers break off: that is what is tested
            accepted.settimeout(5)
            with tls.wrap_socket(accepted, server_side=True) if tls else accepted as sock:
                if hear:
                    receiver.requests.append(_request(sock))
                script(sock)
        accepted.close()


def _request(sock: socket.socket) -> bytes:
    heard = b""
    while b"\r\n\r\n" not in heard:
        heard += sock.recv(65536)
    head, _, body = heard.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += sock.recv(65536)
    return head + b"\r\n\r\n" + body


def answer(text: bytes) -> Script:
    """Return a script that sends these bytes."""
    return lambda sock: sock.sendall(text)
