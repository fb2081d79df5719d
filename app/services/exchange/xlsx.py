"""A spreadsheet of typed cells in flat memory, for as many rows as a sheet can hold.

XlsxWriter makes the package around the rows: types, styles, the header. The rows themselves are written here,
one text each, which takes a fifth of the time that a call for every cell does.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import IO, Any

from app.core.errors import Conflict
from app.core.i18n import _
from app.fields import Kind
from app.services.exchange.cells import Column, headings, writer_of
from app.services.exchange.stream import Values

SHEET = "xl/worksheets/sheet1.xml"
ROWS = 1_048_576
"""What a sheet holds, with the header."""
LONGEST_TEXT = 32_767
EXACT = 2**53
"""What a cell holds at most: characters, and whole numbers without loss."""
EPOCH, FIRST = dt.datetime(1899, 12, 30), dt.datetime(1900, 3, 1)  # noqa: DTZ001  a spreadsheet knows no zones
"""Days are counted from the one; before the other the count is wrong, so that earlier days stand as text."""
DAY = dt.timedelta(days=1)
PACKED = 3
"""How hard the file is packed, of 9: harder takes twice the time for a tenth of the size."""
CODED = re.compile("[\0-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What XML cannot hold, or would be taken for the code that stands in its place."""
SPECIAL = re.compile("[&<>_\0-\x08\x0b-\x1f\ufffe\uffff]")
"""Characters of which a text must have one to be written otherwise than it is: most have none."""


class XlsxWriter:
    """Typed cells, written row by row. Moments stand in the reader's time zone."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column], zone: dt.tzinfo) -> None:
        from xlsxwriter.utility import xl_col_to_name  # two megabytes that few processes need

        self._columns = [
            (f'<c r="{xl_col_to_name(place)}', _wordy(column)) for place, column in enumerate(columns)
        ]
        self._row = 1
        self._book = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=PACKED)
        with zipfile.ZipFile(_empty_book(headings(columns))) as empty:
            for part in empty.namelist():
                if part != SHEET:
                    self._book.writestr(part, empty.read(part))
            head, sample, self._tail = _around_rows(empty.read(SHEET).decode())
        day, moment = re.findall(r's="(\d+)"', sample)
        self._kinds = _kinds(day, moment, zone)
        self._sheet = self._book.open(SHEET, "w", force_zip64=True)
        self._sheet.write(head.encode())

    def add(self, rows: Iterable[Values]) -> None:
        """Write some rows."""
        self._sheet.write("".join(map(self._line, rows)).encode("utf-8", "replace"))

    def end(self) -> None:
        """Put the parts together."""
        self._sheet.write(self._tail.encode())
        self._sheet.close()
        self._book.close()

    def _line(self, row: Values) -> str:
        self._row = number = self._row + 1
        if number > ROWS:
            raise Conflict(_("A spreadsheet holds %(rows)s rows. Filter the list, or choose CSV.", rows=ROWS))
        kinds = self._kinds
        cells = [
            f'{place}{number}"{kinds.get(type(value), _no_cell)(value) or _text(words(value))}'
            for (place, words), value in zip(self._columns, row, strict=True)
            if value is not None
        ]
        return f'<row r="{number}">{"".join(cells)}</row>'


Cell = Callable[[Any], str | None]
"""What writes the rest of a cell; None for a value that only a text can hold."""


def _kinds(day: str, moment: str, zone: dt.tzinfo) -> Mapping[type, Cell]:
    """Return what writes values by their type, with the styles of days and moments."""

    def write_moment(value: dt.datetime) -> str | None:
        return _days(value.astimezone(zone).replace(tzinfo=None), moment)

    def write_day(value: dt.date) -> str | None:
        return _days(dt.datetime(value.year, value.month, value.day), day)  # noqa: DTZ001  a day has no zone

    return {
        str: _text,
        bool: _truth,
        **dict.fromkeys((int, float, Decimal), _number),
        dt.datetime: write_moment,
        dt.date: write_day,
    }


def _no_cell(_value: Any) -> None:
    return None


def _text(value: str) -> str:
    return f' t="inlineStr"><is><t xml:space="preserve">{_escaped(value[:LONGEST_TEXT])}</t></is></c>'


def _truth(value: bool) -> str:
    return f' t="b"><v>{int(value)}</v></c>'


def _number(value: Decimal | float) -> str | None:
    return f"><v>{value}</v></c>" if -EXACT < value < EXACT else None


def _empty_book(header: Sequence[str]) -> IO[bytes]:
    """Return a book of one sheet: the header, and below it a cell in each style."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for place, label in enumerate(header):
            sheet.write_string(0, place, label, bold)
        for place, form in enumerate(("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss")):
            sheet.write_blank(1, place, None, book.add_format({"num_format": form}))
    return content


def _around_rows(sheet: str) -> tuple[str, str, str]:
    """Return what stands before the rows, the row with a cell in each style, and what stands after."""
    head, _row, rest = sheet.partition('<row r="2">')
    sample, end, tail = rest.partition("</sheetData>")
    return re.sub("<dimension [^>]*>", "", head), sample, end + tail


def _days(moment: dt.datetime, style: str) -> str | None:
    return f' s="{style}"><v>{(moment - EPOCH) / DAY}</v></c>' if moment >= FIRST else None


def _escaped(text: str) -> str:
    if not SPECIAL.search(text):
        return text
    coded = CODED.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return coded.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _wordy(column: Column) -> Callable[[Any], str]:
    """Return what says a value as text. In a typed cell nothing is taken for a formula."""
    is_listed = column.field is not None and column.field.kind in {Kind.JSON, Kind.TAGS, Kind.MULTI_SELECT}
    return writer_of(column.field) if is_listed else str
