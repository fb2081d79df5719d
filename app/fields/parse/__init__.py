"""From what was typed or sent to a typed value, for each kind. Raises `Refused`; never sees an empty value.

The same functions read forms, CSV cells (texts) and JSON (typed), so a value is accepted or refused alike.
"""

from __future__ import annotations

from app.fields.parse.contacts import email, phone, url
from app.fields.parse.numbers import BIGINT, boolean, decimal, integer, reference
from app.fields.parse.structures import structure, value
from app.fields.parse.texts import ITEM, ITEMS, LINE, PROSE, line, prose, words
from app.fields.parse.times import date, instant

__all__ = [
    "BIGINT",
    "ITEM",
    "ITEMS",
    "LINE",
    "PROSE",
    "boolean",
    "date",
    "decimal",
    "email",
    "instant",
    "integer",
    "line",
    "phone",
    "prose",
    "reference",
    "structure",
    "url",
    "value",
    "words",
]
