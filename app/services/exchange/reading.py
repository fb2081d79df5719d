"""Lines of an uploaded file: CSV with a header, or a JSON list of objects, within bounds."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

import orjson

from app.core.errors import Invalid
from app.core.i18n import Text, _

LARGEST = 25 * 1024 * 1024
"""Bytes of one file."""
MOST = 200_000
"""Lines of one file."""
COLUMNS = 200
LONGEST = 1024 * 1024
"""Columns of one file, and characters of one cell."""

Line = tuple[int, Mapping[str, Any]]
"""A line's number, as a spreadsheet counts (the header is 1; in JSON the first object), and its cells."""


@dataclass(frozen=True)
class Read:
    """A file's columns, and its lines to be gone through once."""

    columns: tuple[str, ...]
    lines: Iterator[Line]


def read_rows(content: IO[bytes], name: str) -> Read:
    """Return what a file holds; `name` tells its form. Raises Invalid, also while lines are read."""
    raw = content.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise _refused("too_large", _("This file is larger than 25 MB. Split it."))
    if name.lower().endswith(".json"):
        return _json(raw)
    return _csv(raw)


def _csv(raw: bytes) -> Read:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as mistake:
        raise _refused("not_a_text", _("This is no UTF-8 text. Save it as CSV UTF-8.")) from mistake
    csv.field_size_limit(LONGEST)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = tuple(cell.strip() for cell in next(lines, ()))
    except csv.Error as mistake:
        raise _broken(mistake) from mistake
    _check_header(header)
    return Read(header, _bounded(_csv_lines(lines, header)))


def _csv_lines(lines: Any, header: tuple[str, ...]) -> Iterator[Line]:
    number = 1
    try:
        for cells in lines:
            number += 1
            if any(cell.strip() for cell in cells):
                yield number, dict(zip(header, cells, strict=False)) | _surplus(cells[len(header) :])
    except csv.Error as mistake:
        raise _broken(mistake) from mistake


def _surplus(cells: list[str]) -> dict[str, str]:
    """Return what stands beyond the header under no name, so that the line is refused and not cut."""
    rest = ",".join(cells).strip(",")
    return {"": rest} if rest else {}


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _json(raw: bytes) -> Read:
    try:
        rows = orjson.loads(raw or b"[]")
    except orjson.JSONDecodeError as mistake:
        raise _refused(
            "not_structured", _("This is not JSON: %(mistake)s.", mistake=mistake.msg)
        ) from mistake
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _refused("not_structured", _("Write a list of objects, one for each row."))
    columns = tuple(dict.fromkeys(name for row in rows[:MOST] for name in flat(row)))
    _check_header(columns)
    return Read(columns, _bounded((number, flat(row)) for number, row in enumerate(rows, 1)))


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object with the members of `custom_fields` under their dotted names."""
    inner = row.get("custom_fields")
    if not isinstance(inner, dict):
        return dict(row)
    rest = {name: value for name, value in row.items() if name != "custom_fields"}
    return rest | {f"custom_fields.{name}": value for name, value in inner.items()}


def _check_header(header: tuple[str, ...]) -> None:
    if not header or not all(header):
        raise _refused("required", _("The first line must name every column."))
    if len(set(header)) < len(header):
        raise _refused("taken", _("Two columns have the same name. Rename one."))
    if len(header) > COLUMNS:
        raise _refused("too_many", _("Use at most %(most)s columns.", most=COLUMNS))


def _bounded(lines: Iterator[Line]) -> Iterator[Line]:
    for count, line in enumerate(lines):
        if count == MOST:
            raise _refused("too_many", _("Use at most %(most)s rows in one file.", most=MOST))
        yield line


def _broken(mistake: csv.Error) -> Invalid:
    return _refused("not_structured", _("This CSV cannot be read: %(mistake)s.", mistake=str(mistake)))


def _refused(code: str, message: Text) -> Invalid:
    return Invalid.one("file", code, message)
