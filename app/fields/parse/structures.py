"""JSON data, bounded in depth and length."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from app.fields.parse.numbers import decimal
from app.fields.parse.texts import PROSE, UNSTORABLE, line, words
from app.fields.refusal import Refused

DEPTH = 32


def structure(raw: object) -> Any:
    """Return JSON data: as given, or read from a text, bounded in depth and length."""
    if isinstance(raw, str):
        raw = _loads(raw)
    if not isinstance(raw, dict | list) or _depth(raw) > DEPTH:
        raise Refused("not_structured")
    try:
        text = json.dumps(raw, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as problem:
        raise Refused("not_structured") from problem
    if len(text) > PROSE:
        raise Refused("not_structured")
    if UNSTORABLE.search(text) or "\\u0000" in text:
        raise Refused("bad_characters")
    return raw


def value(raw: object) -> Any:
    """Return one plain value: a text, a number, yes or no, or a list of texts, for its reader to judge."""
    if isinstance(raw, str):
        return line(raw)
    if isinstance(raw, list | tuple):
        return words(raw)
    if not isinstance(raw, int | float | Decimal):
        raise Refused("not_a_value")
    return raw if isinstance(raw, int) else decimal(raw)


def _loads(text: str) -> object:
    if len(text) > PROSE:
        raise Refused("not_structured")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise Refused("not_structured") from problem


def _depth(data: object, level: int = 1) -> int:
    if level > DEPTH or not isinstance(data, dict | list):
        return level
    inner = data.values() if isinstance(data, dict) else data
    return max((_depth(item, level + 1) for item in inner), default=level)
