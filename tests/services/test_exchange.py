"""Values in files: each kind comes back as it left, no formula is run, files are kept alike everywhere."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.storage import FolderStorage, MemoryStorage, Storage
from app.core.clock import now
from app.core.errors import Invalid
from app.fields import Field, FieldSet, Kind, Option, Purpose
from app.services.exchange import FORMATS, Column, Rows, cell, cells, read_rows, reading, row_values, xlsx
from app.services.exchange.cells import read_cell
from tests.fields.kinds import ACCEPTED, REFUSED, TYPED

OPTIONS = (Option("basic", "Basic"), Option("Pro", "Professional"))
CHOOSING = {"select", "multi_select"}


def field_of(kind: str) -> Field:
    options = OPTIONS if kind in CHOOSING else ()
    return Field(name="value", kind=Kind(kind), label="Value", options=options, reference="teams")


def fields_with(kind: str) -> FieldSet:
    return FieldSet("things", 1, [field_of(kind)])


@pytest.mark.parametrize(("kind", "typed"), [(kind, typed) for kind, _sent, typed, _json in ACCEPTED])
def test_a_value_comes_back_as_it_left(kind: str, typed: Any) -> None:
    fields = fields_with(kind)
    written = cells(fields, {"value": typed})
    assert all(isinstance(text, str) for text in written)
    assert row_values(fields, {"value": written[0]}, Purpose.CREATE) == {"value": typed}


@pytest.mark.parametrize(("kind", "raw", "typed"), TYPED)
def test_a_cell_is_read_as_a_form_is(kind: str, raw: str, typed: Any) -> None:
    assert row_values(fields_with(kind), {"value": raw}, Purpose.CREATE) == {"value": typed}


TEXTS = [(kind, raw, code) for kind, raw, code in REFUSED if isinstance(raw, str) and code != "too_long"]


@pytest.mark.parametrize(("kind", "raw", "code"), TEXTS)
def test_a_cell_is_refused_as_a_form_is(kind: str, raw: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        row_values(fields_with(kind), {"value": raw}, Purpose.CREATE)
    assert [(error.field, error.code) for error in refused.value.errors] == [("value", code)]


@given(st.text(st.sampled_from("'=+-@\t\rab1, [\"]"), max_size=8))
def test_no_text_is_a_formula_and_every_text_comes_back(text: str) -> None:
    field = field_of("text")
    written = cell(field, text)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert read_cell(field, written) == text


@given(st.lists(st.text(st.sampled_from("=+-@ab, ['\"]"), min_size=1, max_size=5), max_size=4))
def test_every_list_comes_back(items: list[str]) -> None:
    field = field_of("tags")
    assert field.parse(read_cell(field, cell(field, tuple(items)))) == field.parse(items)


def test_a_csv_of_any_spreadsheet_is_read() -> None:
    for content in (b"\xef\xbb\xbfa;b\r\n1;2\r\n", b"a,b\n1,2\n\n , \n", b"a\tb\n1\t2"):
        read = read_rows(io.BytesIO(content), "x.csv")
        assert (read.columns, list(read.lines)) == (("a", "b"), [(2, {"a": "1", "b": "2"})])
    surplus = read_rows(io.BytesIO(b"a\n1,2\n"), "x.csv")
    assert list(surplus.lines) == [(2, {"a": "1", "": "2"})]


def test_json_keeps_its_types_and_custom_fields_their_names() -> None:
    content = b'[{"a": 1, "custom_fields": {"seats": 3}}, {"b": null}]'
    read = read_rows(io.BytesIO(content), "x.JSON")
    assert read.columns == ("a", "custom_fields.seats", "b")
    assert list(read.lines) == [(1, {"a": 1, "custom_fields.seats": 3}), (2, {"b": None})]


def test_bounds_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST", 2)
    lines = read_rows(io.BytesIO(b"a\n1\n2\n3\n"), "x.csv").lines
    with pytest.raises(Invalid, match="at most 2 rows"):
        list(lines)
    monkeypatch.setattr(reading, "LARGEST", 3)
    with pytest.raises(Invalid, match="larger"):
        read_rows(io.BytesIO(b"a\n1\n"), "x.csv")


@pytest.mark.parametrize("kind", ["folder", "memory"])
def test_what_is_kept_is_found_until_it_is_deleted(kind: str, tmp_path: Path) -> None:
    kept: Storage = FolderStorage(tmp_path / "files") if kind == "folder" else MemoryStorage()
    key, other = kept.put(io.BytesIO(b"one")), kept.put(io.BytesIO(b"two"))
    assert key != other
    with kept.open(key) as content:
        assert content.read() == b"one"
    later = now() + dt.timedelta(seconds=5)
    assert set(kept.keys(before=later)) == {key, other}
    assert set(kept.keys(before=later - dt.timedelta(hours=1))) == set()
    kept.delete(key)
    kept.delete(key)
    for absent in (key, "../../etc/passwd", ""):
        with pytest.raises(FileNotFoundError):
            kept.open(absent)


EARLY = dt.datetime(1, 1, 3)  # noqa: DTZ001  the zones come with it
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
MANY: dict[str, st.SearchStrategy[Any]] = {
    "text": st.text(st.sampled_from("'=+a,\"\r\n%s\u00e9"), max_size=5) | st.just("x" * 200),
    "integer": st.integers(-(2**60), 2**60),
    "decimal": st.decimals(-1000, 1000, places=2),
    "boolean": st.booleans(),
    "date": st.dates(),
    "datetime": st.datetimes(EARLY, timezones=st.sampled_from([dt.UTC, ZoneInfo("Asia/Tokyo")])),
    "select": st.sampled_from(["basic", "Pro"]),
    "tags": st.lists(st.text("ab,[", min_size=1, max_size=3), max_size=3).map(tuple),
    "json": st.dictionaries(st.text("ab%", max_size=3), st.integers(), max_size=2),
    "value": st.none() | st.booleans() | st.integers(0, 1) | st.just(1.0) | st.just("1"),
}
"""Values of each kind, so few that some come twice in a column."""


def of_rows(rows: Sequence[Sequence[Any]]) -> Rows:
    return Rows(len(rows), list(zip(*rows, strict=True)))


def file_of(form: str, rows: Sequence[Sequence[Any]], *kinds: str) -> bytes:
    """Write rows to a file in two parts, in columns `f0`, `f1` …."""
    fields = [replace(field_of(kind), name=f"f{n}", label=f"F{n}") for n, kind in enumerate(kinds)]
    content = io.BytesIO()
    columns = [Column(field.name, field.label, field) for field in fields]
    writer = FORMATS[form].writer(content, columns, ZoneInfo("Europe/Berlin"))
    for some in (rows[:1], rows[1:]):
        if some:
            writer.add(of_rows(some))
    writer.end()
    return content.getvalue()


@given(st.lists(st.tuples(*(values | st.none() for values in MANY.values())), max_size=5))
def test_columns_of_a_csv_hold_the_cells_of_their_values(rows: list[tuple[Any, ...]]) -> None:
    content = file_of("csv", rows, *MANY)
    expected = io.StringIO(newline="")
    fields = [field_of(kind) for kind in MANY]
    csv.writer(expected).writerows(
        [[f"F{n}" for n in range(len(MANY))], *(map(cell, fields, row) for row in rows)]
    )
    assert content.decode("utf-8-sig") == expected.getvalue()


@given(st.lists(st.tuples(*(values | st.none() for values in MANY.values())), max_size=5))
def test_members_of_json_are_those_of_the_api(rows: list[tuple[Any, ...]]) -> None:
    fields = [field_of(kind) for kind in MANY]
    expected = [
        {f"f{n}": field.dump(value) for n, (field, value) in enumerate(zip(fields, row, strict=True))}
        for row in rows
    ]
    told = json.loads(file_of("json", rows, *MANY))
    assert repr(told) == repr(json.loads(json.dumps(expected)))


SHEETS = "xl/worksheets/sheet{}.xml"
ROW = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}row"
TEXTS_OF_CELLS = ("=1+1", "a & <b>", " ends ", "two\nlines", "\x07bell\r", "_x0041_ stays", "x" * 40_000)


def cells_of(package: zipfile.ZipFile, sheet: int = 1) -> list[list[tuple[str, str]]]:
    """Return each row of a sheet as pairs of a cell's form and its content."""
    tree = ET.fromstring(package.read(SHEETS.format(sheet)))  # noqa: S314  our own file
    return [[(cell.get("t", "n"), "".join(cell.itertext())) for cell in row] for row in tree.iter(ROW)]


def spreadsheet(rows: list[list[Any]], *kinds: str) -> tuple[zipfile.ZipFile, list[list[tuple[str, str]]]]:
    """Write a book and read it back: the package, and what is on its first sheet."""
    package = zipfile.ZipFile(io.BytesIO(file_of("xlsx", rows, *kinds)))
    return package, cells_of(package)


def test_cells_of_a_spreadsheet_are_typed() -> None:
    row = [True, 7, Decimal("1.5"), dt.date(2026, 3, 1), NOON, "Pro", ("a", "b"), {"b": 1}]
    kinds = ("boolean", "integer", "decimal", "date", "datetime", "select", "tags", "json")
    package, (header, cells) = spreadsheet([row], *kinds)
    assert header == [("inlineStr", f"F{n}") for n in range(8)]
    numbers = [("b", "1"), ("n", "7"), ("n", "1.5"), ("n", "46082.0"), ("n", str(46082 + 13 / 24))]
    assert cells == [*numbers, ("inlineStr", "Pro"), ("inlineStr", "a, b"), ("inlineStr", '{"b":1}')]
    assert b'state="frozen"' in package.read(SHEETS.format(1))
    styles = package.read("xl/styles.xml").decode()
    assert 'formatCode="yyyy-mm-dd"' in styles


def test_what_a_cell_cannot_hold_as_a_number_is_a_text() -> None:
    early = dt.datetime(1900, 2, 28, 12, tzinfo=dt.UTC)
    row = [2**53, early.date(), early]
    _package, (_header, cells, empty) = spreadsheet([row, [None] * 3], "integer", "date", "datetime")
    assert cells == [("inlineStr", text) for text in (str(2**53), "1900-02-28", "1900-02-28 12:00:00+00:00")]
    assert empty == []


def test_a_path_to_a_moment_is_a_moment() -> None:
    content = io.BytesIO()
    writer = FORMATS["xlsx"].writer(content, [Column("team.created_at", "Since")], ZoneInfo("Europe/Berlin"))
    writer.add(of_rows([[NOON]]))
    writer.end()
    assert cells_of(zipfile.ZipFile(content))[1] == [("n", str(46082 + 13 / 24))]


def test_texts_in_a_spreadsheet_are_no_formulas_and_whole() -> None:
    _package, (_header, *rows) = spreadsheet([[text] for text in TEXTS_OF_CELLS], "text")
    told = [
        "=1+1",
        "a & <b>",
        " ends ",
        "two\nlines",
        "_x0007_bell_x000D_",
        "_x005F_x0041_ stays",
        "x" * 32_767,
    ]
    assert rows == [[("inlineStr", text)] for text in told]


@pytest.mark.parametrize(("rows", "sheets"), [(0, [0]), (2, [2]), (3, [2, 1]), (5, [2, 2, 1])])
def test_rows_that_a_sheet_cannot_hold_stand_on_the_next(
    monkeypatch: pytest.MonkeyPatch, rows: int, sheets: list[int]
) -> None:
    monkeypatch.setattr(xlsx, "ROWS", 3)
    texts = [f"row {number}" for number in range(rows)]
    package, _cells = spreadsheet([[text] for text in texts], "text")
    every = [cells_of(package, number) for number in range(1, len(sheets) + 1)]
    assert [len(sheet) - 1 for sheet in every] == sheets
    assert all(sheet[0] == [("inlineStr", "F0")] for sheet in every)
    assert [row for sheet in every for row in sheet[1:]] == [[("inlineStr", text)] for text in texts]
    assert package.read("xl/workbook.xml").count(b"<sheet ") == len(sheets)
    assert package.read("[Content_Types].xml").count(b"/sheet") == len(sheets)
    assert len(set(package.namelist())) == len(package.namelist())
    assert [name.startswith("xl/worksheets/") for name in package.namelist()].count(True) == len(sheets)
