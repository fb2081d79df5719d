"""Files in three forms: CSV for programs and spreadsheets, XLSX with typed cells, JSON with names."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any, Protocol

import orjson

from app.fields import Kind
from app.services.exchange.cells import Column, writer_of
from app.services.exchange.stream import Values

BOM = b"\xef\xbb\xbf"
"""Tells spreadsheets that a CSV is UTF-8."""
LONGEST_TEXT = 32_767
EXACT = 2**53
"""What a cell of XLSX holds at most: characters, and whole numbers without loss."""


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
        self._file, self._columns = file, columns
        self._before = b"[\n"

    def add(self, rows: Iterable[Values]) -> None:
        """Write some rows."""
        for row in rows:
            pairs = zip(self._columns, row, strict=True)
            self._file.write(
                self._before + orjson.dumps({column.name: _plain(column, one) for column, one in pairs})
            )
            self._before = b",\n"

    def end(self) -> None:
        """Close the list."""
        self._file.write(b"[]\n" if self._before == b"[\n" else b"\n]\n")


class XlsxWriter:
    """Typed cells, written row by row in constant memory. Moments stand in the reader's time zone."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column], zone: dt.tzinfo) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        import xlsxwriter  # two megabytes that few processes need

        self._book = xlsxwriter.Workbook(file, options)
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._formats = {Kind.DATE: day, Kind.DATETIME: moment}
        self._columns, self._zone, self._row = columns, zone, 1
        self._sheet.write_row(0, 0, headings(columns), self._book.add_format({"bold": True}))

    def add(self, rows: Iterable[Values]) -> None:
        """Write some rows."""
        for row in rows:
            for place, (column, value) in enumerate(zip(self._columns, row, strict=True)):
                if value is not None:
                    self._write(place, column, value)
            self._row += 1

    def end(self) -> None:
        """Put the parts together."""
        self._book.close()

    def _write(self, place: int, column: Column, value: Any) -> None:
        at = (self._row, place)
        match value:
            case bool():
                self._sheet.write_boolean(*at, value)
            case int() | float() | Decimal() if _is_exact(value):
                self._sheet.write_number(*at, float(value))
            case dt.datetime():
                local = value.astimezone(self._zone).replace(tzinfo=None)
                self._sheet.write_datetime(*at, local, self._formats[Kind.DATETIME])
            case dt.date():
                self._sheet.write_datetime(*at, value, self._formats[Kind.DATE])
            case _:
                self._sheet.write_string(*at, _words(column, value)[:LONGEST_TEXT])


FORMATS: Mapping[str, Format] = {
    "csv": Format("csv", "text/csv", CsvWriter),
    "xlsx": Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", XlsxWriter),
    "json": Format("json", "application/json", JsonWriter),
}


def headings(columns: Sequence[Column]) -> list[str]:
    """Return the label of each column; one that two columns bear is followed by its name."""
    labels = [str(column.label) for column in columns]
    return [
        label if labels.count(label) == 1 else f"{label} ({column.name})"
        for label, column in zip(labels, columns, strict=True)
    ]


def write_csv(file: IO[bytes], header: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """Write texts as they are under `header`: lines that were refused, to be mended and read again."""
    file.write(BOM)
    text = io.TextIOWrapper(file, "utf-8", newline="")
    lines_of = csv.writer(text)
    lines_of.writerow(header)
    lines_of.writerows(lines)
    text.flush()
    text.detach()


def _is_exact(value: Any) -> bool:
    return bool(abs(value) < EXACT)


def _plain(column: Column, value: Any) -> Any:
    if column.field is not None:
        return column.field.dump(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _words(column: Column, value: Any) -> str:
    """Return a value as text. In a typed cell nothing is taken for a formula, so it stands as it is."""
    if column.field is not None and column.field.kind in {Kind.JSON, Kind.TAGS, Kind.MULTI_SELECT}:
        return writer_of(column.field)(value)
    return str(value)
