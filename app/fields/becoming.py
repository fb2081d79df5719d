"""What a kept value becomes when its field is of another type: what the field would make of it if typed."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from app.fields.field import Field
from app.fields.kinds import WORDS, Kind
from app.fields.refusal import Refused
from app.fields.stored import MOMENT, stored


def becoming(field: Field, kept: Any, zone: dt.tzinfo) -> Any:
    """Return what `field` keeps, as JSON, in the place of `kept`, which a field of another type kept.

    Days begin in `zone`. Raises Refused where nothing can be made of it: no number is taken for a reference,
    for it leads nowhere.
    """
    if field.kind is Kind.REFERENCE:
        raise Refused("not_a_reference")
    if isinstance(kept, list) and not all(isinstance(item, str) for item in kept):
        raise Refused("not_a_value")
    return field.dump(field.parse(_typed(field, kept, zone), zone))


def is_same(one: Any, other: Any) -> bool:
    """Tell whether two JSON values are one: 1 is not true."""
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def _typed(field: Field, kept: Any, zone: dt.tzinfo) -> Any:
    """Return the value as somebody would type it into `field`."""
    match field.kind:
        case Kind.MULTI_SELECT:
            return [_spelled(field, item) for item in _items(field, kept)]
        case Kind.SELECT:
            return _spelled(field, stored(Kind.TEXT, kept) or "")
        case Kind.DATE if isinstance(kept, str) and re.fullmatch(MOMENT, kept):
            return dt.datetime.fromisoformat(kept).astimezone(zone).date()
    return stored(Kind.TEXT, kept) if field.kind in WORDS or isinstance(kept, list) else kept


def options_in(field: Field, kept: Any) -> frozenset[str]:
    """Return the options of `field` that a kept value names, whatever type its field had."""
    return frozenset(_spelled(field, item) for item in _items(field, kept))


def _items(field: Field, kept: Any) -> list[str]:
    """Return the items of a list; a text is one option, or several between commas."""
    if isinstance(kept, list):
        return [item for item in kept if isinstance(item, str)]
    text = stored(Kind.TEXT, kept) or ""
    return [text] if _spelled(field, text) in field.values else text.split(",")


def _spelled(field: Field, text: str) -> str:
    """Return the option that `text` is but for capital letters and spaces around it, else `text`."""
    options = {value.casefold(): value for value in field.values}
    return text if text in field.values else options.get(text.strip().casefold(), text)
