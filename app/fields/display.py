"""Values in words, in the reader's language and time zone."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.numbers import format_decimal
from flask_babel import format_date, format_datetime, get_locale

from app.core.i18n import gettext, present_locale
from app.fields.kinds import Kind


def _yes_or_no(value: bool) -> str:
    return str(gettext("Yes") if value else gettext("No"))


def _number(value: float | Decimal) -> str:
    locale = present_locale()
    return _decimal(value, locale) if locale else str(value)


@lru_cache(maxsize=4096)
def _decimal(value: float | Decimal, locale: Locale) -> str:
    return str(format_decimal(value, locale=locale))


def _day(value: dt.date) -> str:
    return str(format_date(value, rebase=False) if get_locale() else value)


def _moment(value: dt.datetime | dt.date) -> str:
    if not isinstance(value, dt.datetime):
        return _day(value)
    return str(format_datetime(value) if get_locale() else value.isoformat())


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


_WORDS: Mapping[Kind, Callable[[Any], str]] = {
    Kind.BOOLEAN: _yes_or_no,
    Kind.INTEGER: _number,
    Kind.DECIMAL: _number,
    Kind.DATE: _day,
    Kind.DATETIME: _moment,
    Kind.JSON: _json,
    Kind.REFERENCE: lambda value: f"#{value}",
}


def in_words(kind: Kind, value: Any, labels: Mapping[str, Any]) -> str:
    """Return a typed value as text; the values of a list by their `labels`. Nothing is the empty text."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(str(labels.get(item, item)) for item in value)
    shown = _WORDS.get(kind)
    return shown(value) if shown else str(labels.get(value, value))
