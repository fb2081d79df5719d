"""A letter and its form on the wire: RFC 5322 with a text and an HTML part, RFC 3834 marks for machines."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

import idna

LONGEST_NAME, LONGEST_SUBJECT, MOST_REFERENCES = 100, 250, 20

_BODY_POLICY = SMTP.clone(cte_type="7bit")
# Python writes a word longer than a line as an encoded word, which would spoil long message ids.
_HEADER_POLICY = _BODY_POLICY.clone(max_line_length=990)
_CONTROL = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"\\@\0-\x1f\x7f]+@[^\s<>()\[\],;:\"\\@\0-\x1f\x7f]+")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail to one person; the same letter is sent at every try, with the same `message_id`."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    date: dt.datetime
    to_name: str = ""
    reply_to: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    is_automatic: bool = True  # False for what a person wrote: then absence notes may answer


def new_message_id(domain: str) -> str:
    """Return a new message id under the sender's domain."""
    return f"<{secrets.token_urlsafe(18)}@{domain}>"


def parse_address(text: str) -> Address:
    """Return an address written as `name <local@domain>` or alone; raise ValueError when it is none."""
    name, address = parseaddr(text)
    return make_address(address, name)


def make_address(address: str, name: str = "") -> Address:
    """Return an address with its domain in ASCII; raise ValueError when mail cannot go there."""
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"Not a mail address: {address[:100]!r}")
    local, _, domain = address.rpartition("@")
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode()
    except idna.IDNAError as error:
        raise ValueError(f"Not a domain: {domain[:100]!r}") from error
    return Address(_one_line(name, LONGEST_NAME), local, ascii_domain)


def compose(letter: Letter, sender: Address, to: Address) -> EmailMessage:
    """Return the message for the wire; no text of the letter can add or end a header."""
    message = EmailMessage(policy=_BODY_POLICY)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = _one_line(letter.subject, LONGEST_SUBJECT)
    message["Date"] = letter.date
    for name, value in _optional_headers(letter).items():
        if value:
            message[name] = value
    message.set_content(_clean(letter.text))
    message.add_alternative(_clean(letter.html), subtype="html")
    message.policy = _HEADER_POLICY
    return message


def _optional_headers(letter: Letter) -> dict[str, str | Address]:
    return {
        "Message-ID": _ids(letter.message_id),
        "Reply-To": make_address(letter.reply_to) if letter.reply_to else "",
        "In-Reply-To": _ids(letter.in_reply_to),
        "References": _ids(*letter.references),
        "Auto-Submitted": "auto-generated" if letter.is_automatic else "",
        "X-Auto-Response-Suppress": "All" if letter.is_automatic else "",  # Exchange's word for the same
    }


def _ids(*candidates: str) -> str:
    # What others sent us as ids goes out again, so only what is one may pass.
    ids = [candidate for candidate in candidates if _MESSAGE_ID.fullmatch(candidate)]
    return " ".join(ids[:1] + ids[1:][-MOST_REFERENCES:])


def _one_line(text: str, longest: int) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())[:longest]


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
