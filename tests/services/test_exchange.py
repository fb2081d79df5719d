"""Values in files: each kind comes back as it left, no formula is run, files are kept alike everywhere."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.storage import FolderStorage, MemoryStorage, Storage
from app.core.clock import now
from app.core.errors import Invalid
from app.fields import Field, FieldSet, Kind, Option, Purpose
from app.services.exchange import cell, cells, read_rows, reading, row_values
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
