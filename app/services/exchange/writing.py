"""Files in three forms: CSV for programs and spreadsheets, XLSX with typed cells, JSON with names."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Protocol

from app.core.jsons import as_json, iso_moments
from app.fields import Field, Kind
from app.services.exchange.cells import Column, headings, writer_of
from app.services.exchange.made import Made, Making
from app.services.exchange.stream import Rows
from app.services.exchange.xlsx import XlsxWriter

BOM = b"\xef\xbb\xbf"
"""Tells spreadsheets that a CSV is UTF-8."""
QUOTED = re.compile('[,"\r\n]')
"""Characters that would be taken for the end of a cell or of a line."""


class Writer(Protocol):
    """Writes rows to a file, some at a time."""

    def add(self, rows: Rows) -> None:
        """Write some rows."""

    def end(self) -> None:
        """Write what belongs at the end. The file stays open."""


@dataclass(frozen=True, slots=True)
class Format:
    """One form of file: its ending, its type, and what writes it (to a file, columns, in a time zone)."""

    name: str
    media_type: str
    writer: Callable[[IO[bytes], Sequence[Column], dt.tzinfo], Writer]


class CsvWriter:
    """Labels in the first line, values in the form that imports read."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column], _zone: dt.tzinfo) -> None:
        self._file = file
        self._cells = [_csv_cells(column.field) for column in columns]
        self._file.write(BOM + _lines([map(quoted, headings(columns))]))

    def add(self, rows: Rows) -> None:
        """Write some rows."""
        cells = (make(values) for make, values in zip(self._cells, rows.columns, strict=True))
        self._file.write(_lines(zip(*cells, strict=True)))

    def end(self) -> None:
        """Leave the file to its owner."""


class JsonWriter:
    """A list of objects with the names of the fields, custom ones under theirs."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column], _zone: dt.tzinfo) -> None:
        self._file = file
        self._members = [_json_members(column.field) for column in columns]
        names = (as_json(column.name).replace("%", "%%") for column in columns)
        self._object = "{" + ",".join(f"{name}:%s" for name in names) + "}"
        self._before = "[\n"

    def add(self, rows: Rows) -> None:
        """Write some rows."""
        members = (make(values) for make, values in zip(self._members, rows.columns, strict=True))
        objects = ",\n".join(map(self._object.__mod__, zip(*members, strict=True)))
        self._file.write(f"{self._before}{objects}".encode())
        self._before = ",\n"

    def end(self) -> None:
        """Close the list."""
        self._file.write(b"[]\n" if self._before == "[\n" else b"\n]\n")


FORMATS: Mapping[str, Format] = {
    "csv": Format("csv", "text/csv", CsvWriter),
    "xlsx": Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", XlsxWriter),
    "json": Format("json", "application/json", JsonWriter),
}


def write_csv(file: IO[bytes], header: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """Write texts as they are under `header`: lines that were refused, to be mended and read again."""
    file.write(BOM)
    text = io.TextIOWrapper(file, "utf-8", newline="")
    lines_of = csv.writer(text)
    lines_of.writerow(header)
    lines_of.writerows(lines)
    text.flush()
    text.detach()


def quoted(cell: str) -> str:
    """Return a cell of a CSV: as it is, or in quotes where it must."""
    return '"' + cell.replace('"', '""') + '"' if QUOTED.search(cell) else cell


def _lines(rows: Iterable[Iterable[str]]) -> bytes:
    return "".join(f"{','.join(cells)}\r\n" for cells in rows).encode()


def _csv_cells(field: Field | None) -> Making:
    if field is not None and field.kind is Kind.DATETIME:
        return lambda values: [text or "" for text in iso_moments(values)]
    write = writer_of(field)
    if write is str:
        return Made(str, "").of
    return Made(lambda value: quoted(write(value)), "").of


def _json_members(field: Field | None) -> Making:
    if field is not None and field.kind is Kind.DATETIME:
        return lambda values: [_json_moment(text) for text in iso_moments(values)]
    dump = field.dump if field is not None else _plain
    return Made(lambda value: as_json(dump(value)), "null").of


def _json_moment(text: str | None) -> str:
    """Return a moment with six decimals always, as the API tells it."""
    if text is None:
        return "null"
    return f'"{text}"' if "." in text else f'"{text[:-1]}.000000Z"'


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)
