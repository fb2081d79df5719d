"""Values as JSON, fast: what `orjson` refuses is written by the library of Python."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import orjson


def as_json(value: Any) -> str:
    """Return JSON; `orjson` refuses whole numbers of more than 64 bits, which structured data may hold."""
    try:
        return orjson.dumps(value, default=_plain).decode()
    except TypeError:
        return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))


def iso_moments(moments: Sequence[dt.datetime | None]) -> Sequence[str | None]:
    """Return moments as ISO 8601 in UTC, with six decimals or none; `orjson` takes a tenth of their time."""
    there = [None if moment is None else moment.astimezone(dt.UTC) for moment in moments]
    texts: list[str | None] = orjson.loads(orjson.dumps(there, option=orjson.OPT_UTC_Z))
    return texts


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return float(value)
        case dt.datetime():
            return value.isoformat()
    raise TypeError(type(value))
