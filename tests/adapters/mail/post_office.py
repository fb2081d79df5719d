"""A real mail server of this machine, with rules."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Post:
    """The rules: takes everything, or answers one step with what it `says`."""

    def __init__(self, **says: str) -> None:
        self.taken: list[Envelope] = []
        self.says = says

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.says.get("mail", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.says.get("rcpt", "250 OK")

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope)
        return self.says.get("data", "250 OK")

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        return self.says.get("quit", "221 Bye")


class Office(Controller):
    """A server whose own start check trusts the certificate authority of the tests."""

    trust: ssl.SSLContext | None = None

    def _trigger_server(self) -> None:
        with socket.create_connection((self.hostname, self.port), 5) as plain:
            sock = self.trust.wrap_socket(plain, server_hostname="localhost") if self.trust else plain
            with sock:
                sock.recv(1024)


@contextmanager
def post_office(post: Post, trust: ssl.SSLContext | None = None, **options: Any) -> Iterator[int]:
    """Run a mail server on a free port; `trust` is needed where it speaks TLS from the first byte."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    office = Office(post, hostname="127.0.0.1", port=port, ready_timeout=10, **options)
    office.trust = trust
    office.start()
    try:
        yield port
    finally:
        office.stop()
