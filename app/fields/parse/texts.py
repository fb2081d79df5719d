"""Texts: of one line, of several, and lists of short ones."""

from __future__ import annotations

import re

from app.fields.refusal import Refused

LINE = 1_000
PROSE = 100_000
ITEMS = 100
ITEM = 100
"""The longest line, text of several lines, list and item of a list."""

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What PostgreSQL does not keep: NUL, and halves of characters."""


def prose(raw: object) -> str:
    """Return a text of several lines, ends stripped and line ends as newlines."""
    if not isinstance(raw, str):
        raise Refused("not_a_text")
    if UNSTORABLE.search(raw):
        raise Refused("bad_characters")
    if len(raw) > PROSE:
        raise Refused("too_long", maximum=PROSE)
    return raw.replace("\r\n", "\n").replace("\r", "\n").strip()


def line(raw: object) -> str:
    """Return a text of one line; line breaks become spaces, so that none can reach a mail header."""
    text = " ".join(prose(raw).splitlines())
    if len(text) > LINE:
        raise Refused("too_long", maximum=LINE)
    return text


def words(raw: object) -> tuple[str, ...]:
    """Return a list of texts without doubles, in the order given; one text is split at its commas."""
    items = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(items, list | tuple):
        raise Refused("not_a_list")
    if len(items) > ITEMS:
        raise Refused("too_many", maximum=ITEMS)
    unique: dict[str, str] = {}
    for text in filter(None, map(_item, items)):
        unique.setdefault(text.casefold(), text)
    return tuple(unique.values())


def _item(raw: object) -> str:
    text = line(raw)
    if len(text) > ITEM:
        raise Refused("too_long", maximum=ITEM)
    return text
