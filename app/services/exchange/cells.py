"""One value in a file: written in a form no language changes, and read by the same fields that read forms.

Days and moments are ISO 8601 (moments in UTC), numbers have a point, yes is `true`, an option is its value, a
reference the number of its row. A text that a spreadsheet would take for a formula gets an apostrophe in
front, which is taken away again when it is read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from app.core.i18n import Text
from app.core.jsons import as_json
from app.fields import Audience, Field, FieldSet, Kind, Purpose, check

LISTS = frozenset({Kind.TAGS, Kind.MULTI_SELECT})
FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""What a spreadsheet would run, and what such a text looks like with apostrophes in front."""
BEGINNINGS = frozenset("'=+-@\t\r")
"""The first characters of such texts: most begin with others."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: the name of a field, or a path over a relation (`team.name`), which has none."""

    name: str
    label: Text
    field: Field | None = None


def headings(columns: Sequence[Column]) -> list[str]:
    """Return the label of each column; one that two columns bear is followed by its name."""
    labels = [str(column.label) for column in columns]
    return [
        label if labels.count(label) == 1 else f"{label} ({column.name})"
        for label, column in zip(labels, columns, strict=True)
    ]


def cell(field: Field | None, value: Any) -> str:
    """Return a typed value as the text of a cell; nothing is the empty text."""
    return "" if value is None else writer_of(field)(value)


def cells(fields: FieldSet, row: Any) -> list[str]:
    """Return the cells of a row, an object or a mapping, in the order of the fields."""
    return [cell(field, field.read(row)) for field in fields.values()]


def row_values(
    fields: FieldSet, raw: Mapping[str, Any], purpose: Purpose, zone: dt.tzinfo | None = None
) -> dict[str, Any]:
    """Return the typed values of a line by field name, checked exactly as a form is. Raises Invalid.

    `raw` holds texts, or what JSON holds; a moment without a zone is one of `zone`.
    """
    given = {name: read_cell(fields.get(name), value) for name, value in raw.items()}
    return check(fields, given, Audience.AGENT, purpose, zone)


def writer_of(field: Field | None) -> Callable[[Any], str]:
    """Return what writes the values of a field; one that has none is a text."""
    return WRITERS.get(field.kind, _text) if field else _text


def read_cell(field: Field | None, value: Any) -> Any:
    """Return what a cell says as the fields take it: apostrophes off, a list that is JSON read."""
    if not isinstance(value, str):
        return value
    text = value[1:] if value.startswith("'") and FORMULA.match(value[1:]) else value
    if field is not None and _may_be_json(field, text):
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return text
    return text


def _may_be_json(field: Field, text: str) -> bool:
    return field.kind is Kind.VALUE or (field.kind in LISTS and text.lstrip().startswith("["))


def _text(value: Any) -> str:
    text = str(value)
    return f"'{text}" if text[:1] in BEGINNINGS and FORMULA.match(text) else text


def _boolean(value: Any) -> str:
    return "true" if value else "false"


def _moment(value: dt.datetime) -> str:
    return f"{value.astimezone(dt.UTC).isoformat()[:-6]}Z"


def _list(value: Any) -> str:
    if any("," in item for item in value) or (value and value[0].startswith("[")):
        return orjson.dumps(list(value)).decode()
    return _text(", ".join(value))


WRITERS: Mapping[Kind, Callable[[Any], str]] = {
    Kind.BOOLEAN: _boolean,
    Kind.INTEGER: str,
    Kind.DECIMAL: str,
    Kind.REFERENCE: str,
    Kind.DATE: dt.date.isoformat,
    Kind.DATETIME: _moment,
    Kind.TAGS: _list,
    Kind.MULTI_SELECT: _list,
    Kind.JSON: as_json,
    Kind.VALUE: as_json,
}
