"""How somebody or something is reached: e-mail, web and phone."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from app.fields.parse.texts import line
from app.fields.refusal import Refused

_ADDRESS = 320
_DIALLED = 3
_EMAIL = re.compile(r"[^@\s<>(),;:\\\"\[\]]{1,64}@[^@\s<>(),;:\\\"\[\].]+(\.[^@\s<>(),;:\\\"\[\].]+)+")
_PHONE = re.compile(r"\+?[0-9 ()./-]{3,40}")


def email(raw: object) -> str:
    """Return an e-mail address as it was written. Whether it receives mail only a mail can tell."""
    address = _line(raw, "not_an_email")
    if len(address) > _ADDRESS or not _EMAIL.fullmatch(address):
        raise Refused("not_an_email")
    return address


def url(raw: object) -> str:
    """Return a web address: http or https, with a host and without a name or password in it."""
    address = _line(raw, "not_a_url")
    try:
        parts = urlsplit(address)
        good = (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and "@" not in parts.netloc
            and parts.port != 0
        )
    except ValueError as problem:
        raise Refused("not_a_url") from problem
    if not good or re.search(r"\s", address):
        raise Refused("not_a_url")
    return address


def phone(raw: object) -> str:
    """Return a phone number as it was written."""
    number = _line(raw, "not_a_phone")
    if not _PHONE.fullmatch(number) or sum(sign.isdigit() for sign in number) < _DIALLED:
        raise Refused("not_a_phone")
    return number


def _line(raw: object, code: str) -> str:
    """Return a line, or refuse what is no text with the code of the kind."""
    if not isinstance(raw, str):
        raise Refused(code)
    return line(raw)
