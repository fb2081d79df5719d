"""Letters by SMTP, one connection a letter, with every failure sorted into "later" and "never"."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from app.adapters.mail.letter import Letter, compose, make_address
from app.adapters.mail.mailer import MailFailed, Outcome

SECONDS = 10
"""How long each step of the conversation may take."""


class Security(StrEnum):
    """How the conversation is encrypted; the value is the default port."""

    NONE = "25"
    STARTTLS = "587"
    TLS = "465"


_SCHEMES = {"smtp": Security.NONE, "smtp+starttls": Security.STARTTLS, "smtps": Security.TLS}


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server as written in `SMTP_URL`."""

    host: str
    port: int
    security: Security
    user: str
    password: str


def parse_url(url: str) -> Server:
    """Read `smtp://`, `smtp+starttls://` or `smtps://`, each `[user:password@]host[:port]`.

    A password is never sent in clear: `smtp://` with a user means STARTTLS. Raise ValueError.
    """
    parts = urlsplit(url)
    security = _SCHEMES.get(parts.scheme)
    if security is None or not parts.hostname:
        raise ValueError("SMTP_URL must look like smtp://host:25, smtp+starttls://… or smtps://…")
    if parts.username and security is Security.NONE:
        security = Security.STARTTLS
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.hostname, parts.port or int(security), security, user, password)


@dataclass(frozen=True)
class SmtpMail:
    """The way by a mail server; `tls` is the trust to use instead of the system's."""

    server: Server
    sender: Address
    tls: ssl.SSLContext | None = None
    seconds: float = SECONDS

    def send(self, letter: Letter, /) -> Outcome:
        """Hand one letter to the server; raise MailFailed."""
        try:
            to = make_address(letter.to, letter.to_name)
            message = compose(letter, self.sender, to)
        except ValueError as error:
            raise MailFailed("address", error) from error
        smtp = self._connect()
        try:
            smtp.send_message(message, self.sender.addr_spec, [to.addr_spec])
        except (smtplib.SMTPException, OSError) as error:
            raise _failure(error) from error
        finally:
            _leave(smtp)
        return Outcome.SENT

    def _connect(self) -> smtplib.SMTP:
        # Whatever goes wrong before the letter is handed over is not the letter's fault.
        try:
            smtp = self._open()
        except (smtplib.SMTPException, OSError) as error:
            raise MailFailed("unreachable", error) from error
        try:
            self._enter(smtp)
        except (smtplib.SMTPException, OSError) as error:
            _leave(smtp)
            raise MailFailed("unreachable", error) from error
        return smtp

    def _open(self) -> smtplib.SMTP:
        # The name we greet with is given, or smtplib would ask the network for it.
        where = (self.server.host, self.server.port, self.sender.domain)
        if self.server.security is Security.TLS:
            return smtplib.SMTP_SSL(*where, timeout=self.seconds, context=self._context())
        return smtplib.SMTP(*where, timeout=self.seconds)

    def _enter(self, smtp: smtplib.SMTP) -> None:
        if self.server.security is Security.STARTTLS:
            smtp.starttls(context=self._context())
        if self.server.user:
            smtp.login(self.server.user, self.server.password)

    def _context(self) -> ssl.SSLContext:
        return self.tls or ssl.create_default_context()


def _leave(smtp: smtplib.SMTP) -> None:
    # The letter is taken or not by now; how the server says goodbye changes nothing.
    with suppress(smtplib.SMTPException, OSError):
        smtp.quit()
    smtp.close()


def _failure(error: Exception) -> MailFailed:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        status, text = next(iter(error.recipients.values()))
        return _by_status(status, text)
    if isinstance(error, smtplib.SMTPResponseException):
        return _by_status(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return MailFailed("unsupported", error)
    return MailFailed("unreachable", error)


def _by_status(status: int, text: bytes | str) -> MailFailed:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return MailFailed("refused" if 500 <= status < 600 else "deferred", f"{status} {said}")
