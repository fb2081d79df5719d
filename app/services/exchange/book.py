"""The package around sheets whose rows are written elsewhere: types, styles, and as many sheets as it takes.

XlsxWriter makes the package, around sheets of no rows. Its parts that name the sheets are written last.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

PACKED = 2
"""How hard the file is packed, of 9: harder takes half as long again for a twentieth of the size."""
FORMS = ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss")
"""How days and moments are shown."""


class Book:
    """Takes the rows of one sheet after another. Each has the header, which stays in sight.

    `styles` are those of days and moments.
    """

    def __init__(self, file: IO[bytes], header: Sequence[str]) -> None:
        self._header = header
        self._package = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=PACKED)
        one, two = _parts(header, 1), _parts(header, 2)
        self._written = [name for name, part in one.items() if two[name] == part and name != _name(1)]
        for name in self._written:
            self._package.writestr(name, one[name])
        self._first, self._further = (_Frame.of(two[_name(number)].decode()) for number in (1, 2))
        self.styles = self._first.styles
        self._sheets = 0
        self.begin_sheet()

    def write(self, rows: str) -> None:
        """Write rows, as XML, to the sheet that was begun last."""
        self._sheet.write(rows.encode("utf-8", "replace"))

    def begin_sheet(self) -> None:
        """End the sheet at hand, if any, and begin the next."""
        if self._sheets:
            self._end_sheet()
        self._sheets += 1
        frame = self._first if self._sheets == 1 else self._further
        self._sheet = self._package.open(_name(self._sheets), "w", force_zip64=True)
        self.write(frame.head)

    def end(self) -> None:
        """Put the parts together."""
        self._end_sheet()
        sheets = {_name(number + 1) for number in range(self._sheets)}
        for name, part in _parts(self._header, self._sheets).items():
            if name not in {*self._written, *sheets}:
                self._package.writestr(name, part)
        self._package.close()

    def _end_sheet(self) -> None:
        self.write(self._first.tail)
        self._sheet.close()


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stands before the rows of a sheet and after them, and the styles of cells."""

    head: str
    tail: str
    styles: tuple[str, ...]

    @classmethod
    def of(cls, sheet: str) -> _Frame:
        head, _row, rest = sheet.partition('<row r="2">')
        sample, end, tail = rest.partition("</sheetData>")
        styles = tuple(re.findall(r's="(\d+)"', sample))
        return cls(re.sub("<dimension [^>]*>", "", head), end + tail, styles)


def _name(sheet: int) -> str:
    return f"xl/worksheets/sheet{sheet}.xml"


def _parts(header: Sequence[str], sheets: int) -> dict[str, bytes]:
    """Return the parts of a book: on each sheet the header, and below it a cell in each style."""
    import xlsxwriter  # two megabytes that few processes need

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True})
        styles = [book.add_format({"num_format": form}) for form in FORMS]
        for _number in range(sheets):
            sheet = book.add_worksheet()
            sheet.freeze_panes(1, 0)
            for place, label in enumerate(header):
                sheet.write_string(0, place, label, bold)
            for place, style in enumerate(styles):
                sheet.write_blank(1, place, None, style)
    with zipfile.ZipFile(content) as package:
        return {name: package.read(name) for name in package.namelist()}
