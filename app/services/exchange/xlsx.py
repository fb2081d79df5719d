"""A spreadsheet of typed cells in flat memory. Rows that a sheet cannot hold stand on the next.

XlsxWriter makes the package around the rows (`Book`). The rows themselves are written here, a column of cells
at a time, which takes a tenth of the time that a call for every cell does.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

import orjson

from app.fields import Kind
from app.services.exchange.book import Book
from app.services.exchange.cells import Column, headings, writer_of
from app.services.exchange.made import Made, Making, Values
from app.services.exchange.stream import Rows

ROWS = 1_048_576
"""What a sheet holds, with the header."""
LONGEST_TEXT = 32_767
EXACT = 2**53
"""What a cell holds at most: characters, and whole numbers without loss."""
EPOCH, FIRST = dt.datetime(1899, 12, 30), 61  # noqa: DTZ001  a spreadsheet knows no zones
"""Where days are counted from, and the first that is counted right: earlier ones stand as text."""
DAY = dt.timedelta(days=1)
CODED = re.compile("[\0-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What XML cannot hold, or would be taken for the code that stands in its place."""
SPECIAL = re.compile("[&<>_\0-\x08\x0b-\x1f\ufffe\uffff]")
"""Characters of which a text must have one to be written otherwise than it is: most have none."""
PRESERVED = ' xml:space="preserve"'
"""Keeps the spaces at the ends of a text."""


class XlsxWriter:
    """Typed cells, written row by row. Moments stand in the reader's time zone."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column], zone: dt.tzinfo) -> None:
        self._book = Book(file, headings(columns))
        self._columns = list(_makings(columns, self._book.styles, zone))
        self._row = 1

    def add(self, rows: Rows) -> None:
        """Write some rows."""
        written = 0
        while written < rows.count:
            if self._row == ROWS:
                self._book.begin_sheet()
                self._row = 1
            some = rows.part(written, written + ROWS - self._row)
            self._book.write("".join(self._lines(some)))
            written += some.count
            self._row += some.count

    def end(self) -> None:
        """Put the parts together."""
        self._book.end()

    def _lines(self, rows: Rows) -> Iterator[str]:
        numbers = [str(self._row + place) for place in range(1, rows.count + 1)]
        cells = [
            _cells(place, numbers, make(values))
            for (place, make), values in zip(self._columns, rows.columns, strict=True)
        ]
        for number, line in zip(numbers, map("".join, zip(*cells, strict=True)), strict=True):
            yield f'<row r="{number}">{line}</row>'


def _makings(
    columns: Sequence[Column], styles: Sequence[str], zone: dt.tzinfo
) -> Iterator[tuple[str, Making]]:
    """Yield how the cells of each column begin, and what makes the rest of them, nothing of nothing."""
    from xlsxwriter.utility import xl_col_to_name  # two megabytes that few processes need

    day, moments = styles[0], _moments(styles[1], zone)
    for place, column in enumerate(columns):
        is_moment = column.field is not None and column.field.kind is Kind.DATETIME
        make = moments if is_moment else Made(_writer(day, moments, _wordy(column)), "").of
        yield f'<c r="{xl_col_to_name(place)}', make


def _moments(style: str, zone: dt.tzinfo) -> Making:
    """Return what writes moments, with the numbers of many at once.

    Between two moments of one zone Python counts as its clocks do, and so does a spreadsheet.
    """
    epoch = EPOCH.replace(tzinfo=zone)

    def write(values: Values) -> list[str]:
        days = [None if value is None else (value.astimezone(zone) - epoch) / DAY for value in values]
        numbers = orjson.dumps(days)[1:-1].decode().split(",")
        return [
            "" if day is None else _day(number, style) if day >= FIRST else _text(str(value))
            for value, day, number in zip(values, days, numbers, strict=True)
        ]

    return write


def _writer(style: str, moments: Making, words: Callable[[Any], str]) -> Callable[[Any], str]:
    """Return what writes one value; `style` is that of days."""

    def write(value: Any) -> str:
        match value:
            case str():
                return _text(value)
            case bool():
                return f' t="b"><v>{int(value)}</v></c>'
            case int() | float() | Decimal() if -EXACT < value < EXACT:
                return f"><v>{value}</v></c>"
            case dt.datetime():
                return str(moments([value])[0])
            case dt.date() if (days := (value - EPOCH.date()) / DAY) >= FIRST:
                return _day(str(days), style)
        return _text(words(value))

    return write


def _day(number: str, style: str) -> str:
    return f' s="{style}"><v>{number}</v></c>'


def _cells(place: str, numbers: Sequence[str], rests: Values) -> list[str]:
    return [f'{place}{number}"{rest}' if rest else "" for number, rest in zip(numbers, rests, strict=True)]


def _text(value: str) -> str:
    kept = "" if value == value.strip() else PRESERVED
    return f' t="inlineStr"><is><t{kept}>{_escaped(value[:LONGEST_TEXT])}</t></is></c>'


def _escaped(text: str) -> str:
    if not SPECIAL.search(text):
        return text
    coded = CODED.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return coded.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _wordy(column: Column) -> Callable[[Any], str]:
    """Return what says a value as text. In a typed cell nothing is taken for a formula."""
    is_listed = column.field is not None and column.field.kind in {Kind.JSON, Kind.TAGS, Kind.MULTI_SELECT}
    return writer_of(column.field) if is_listed else str
