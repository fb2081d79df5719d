"""The kinds of value a field can hold, and the few families that behave alike."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a field holds: the thirteen of `FieldType`, for a desk to define, and three only columns have."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    SELECT = "select"
    MULTI_SELECT = "multi_select"
    EMAIL = "email"
    URL = "url"
    PHONE = "phone"
    REFERENCE = "reference"
    TAGS = "tags"
    JSON = "json"
    VALUE = "value"
    """One value of whatever kind another column of the row says."""


WORDS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.EMAIL, Kind.URL, Kind.PHONE})
"""Kinds whose value is one free text."""
LISTS = frozenset({Kind.MULTI_SELECT, Kind.TAGS})
"""Kinds whose value is a list of texts."""
NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.REFERENCE})
"""Kinds whose value is a number."""
CHOICES = frozenset({Kind.SELECT, Kind.MULTI_SELECT})
"""Kinds whose values come from a closed list of options."""
