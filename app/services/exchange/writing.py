"""Files in three forms: CSV for programs and spreadsheets, XLSX with typed cells, JSON with names."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Protocol

import orjson

from app.services.exchange.cells import Column, headings, writer_of
from app.services.exchange.stream import Values
from app.services.exchange.xlsx import XlsxWriter

BOM = b"\xef\xbb\xbf"
"""Tells spreadsheets that a CSV is UTF-8."""


class Writer(Protocol):
    """Writes rows to a file, some at a time."""

    def add(self, rows: Iterable[Values]) -> None:
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
        file.write(BOM)
        self._text = io.TextIOWrapper(file, "utf-8", newline="", write_through=False)
        self._lines = csv.writer(self._text)
        self._cells = [writer_of(column.field) for column in columns]
        self._lines.writerow(headings(columns))

    def add(self, rows: Iterable[Values]) -> None:
        """Write some rows."""
        cells = self._cells
        self._lines.writerows(
            ["" if value is None else write(value) for write, value in zip(cells, row, strict=True)]
            for row in rows
        )

    def end(self) -> None:
        """Leave the file to its owner."""
        self._text.flush()
        self._text.detach()


class JsonWriter:
    """A list of objects with the names of the fields, custom ones under theirs."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column], _zone: dt.tzinfo) -> None:
        self._file = file
        self._columns = [(column.name, _dumper(column)) for column in columns]
        self._before = b"[\n"

    def add(self, rows: Iterable[Values]) -> None:
        """Write some rows."""
        columns = self._columns
        for row in rows:
            members = {
                name: None if value is None else dump(value)
                for (name, dump), value in zip(columns, row, strict=True)
            }
            self._file.write(self._before + orjson.dumps(members))
            self._before = b",\n"

    def end(self) -> None:
        """Close the list."""
        self._file.write(b"[]\n" if self._before == b"[\n" else b"\n]\n")


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


def _dumper(column: Column) -> Callable[[Any], Any]:
    """Return what makes JSON of the values of a column."""
    return column.field.dump if column.field is not None else _plain


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)
