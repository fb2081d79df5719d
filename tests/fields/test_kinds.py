"""Every kind on every way in: forms, JSON documents, rows; the same values and the same codes."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jsonschema import Draft202012Validator

from app.core.errors import Invalid
from app.fields import Audience, FieldSet, Kind, Purpose, check, check_json, json_schema, row_errors
from app.fields.refusal import MESSAGES
from app.models.fields import FieldType
from tests.fields.kinds import ACCEPTED, REFUSED, TYPED

PATCH = (Audience.API, Purpose.PATCH)


def by_document(fields: FieldSet, name: str, value: Any) -> Any:
    custom = name.startswith("custom_fields.")
    document = {"custom_fields": {name.removeprefix("custom_fields."): value}} if custom else {name: value}
    return check_json(fields, document, *PATCH)[name]


def refusal(ask: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        ask()
    assert all(str(error.message) and "%(" not in str(error.message) for error in caught.value.errors)
    return {error.field: error.code for error in caught.value.errors}


def test_the_thirteen_kinds_are_those_that_can_be_defined() -> None:
    assert {kind.value for kind in FieldType} == set(Kind) - {Kind.TAGS, Kind.JSON, Kind.VALUE}
    assert {kind for kind, *_rest in ACCEPTED} == {kind for kind, *_rest in REFUSED} == set(Kind)


@pytest.mark.parametrize("prefix", ["", "custom_fields."])
@pytest.mark.parametrize(("kind", "sent", "typed", "kept"), ACCEPTED)
def test_accepted(fields: FieldSet, prefix: str, kind: str, sent: Any, typed: Any, kept: Any) -> None:
    name = f"{prefix}a_{kind}"
    assert check(fields, {name: sent}, *PATCH) == {name: typed}
    assert by_document(fields, name, sent) == typed
    assert fields[name].dump(typed) == kept
    Draft202012Validator(json_schema(fields, Audience.API, Purpose.READ)["properties"][f"a_{kind}"]).validate(
        kept
    )


@pytest.mark.parametrize(("kind", "written", "typed"), TYPED)
def test_written_in_a_form(fields: FieldSet, kind: str, written: str, typed: Any) -> None:
    assert check(fields, {f"a_{kind}": written}, *PATCH) == {f"a_{kind}": typed}


@pytest.mark.parametrize(
    ("kind", "written"), [(kind, written) for kind, written, _typed in TYPED if kind != "json"]
)
def test_json_types_are_not_bent(fields: FieldSet, kind: str, written: str) -> None:
    assert refusal(lambda: by_document(fields, f"a_{kind}", written))


@pytest.mark.parametrize("prefix", ["", "custom_fields."])
@pytest.mark.parametrize(("kind", "sent", "code"), REFUSED)
def test_refused_with_one_code_everywhere(
    fields: FieldSet, prefix: str, kind: str, sent: Any, code: str
) -> None:
    name = f"{prefix}a_{kind}"
    assert code in MESSAGES
    assert refusal(lambda: check(fields, {name: sent}, *PATCH)) == {name: code}
    assert refusal(lambda: by_document(fields, name, sent)) == {name: code}


@pytest.mark.parametrize("kind", Kind)
def test_nothing_is_nothing(fields: FieldSet, kind: str) -> None:
    name = f"a_{kind}"
    assert check(fields, {name: ""}, *PATCH) == check(fields, {name: " "}, *PATCH) == {name: None}
    assert by_document(fields, name, None) is None
    assert fields[name].text(None) == ""


@pytest.mark.parametrize(("kind", "sent", "typed", "kept"), ACCEPTED)
def test_custom_values_come_back_as_they_went(
    fields: FieldSet, kind: str, sent: Any, typed: Any, kept: Any
) -> None:
    row = SimpleNamespace(custom_fields={"other": 1})
    field = fields[f"custom_fields.a_{kind}"]
    field.write(row, typed)
    assert row.custom_fields == {"other": 1, f"a_{kind}": kept}
    assert field.read(row) == typed
    assert field.text(typed)
    assert row_errors(fields, row, [field.name]) == []


def test_rows_are_checked_whoever_wrote_them(fields: FieldSet) -> None:
    row = SimpleNamespace(a_text="a\0b", a_integer=2**70, a_email="x", a_date=dt.date(2026, 1, 1))
    found = row_errors(fields, row, ["a_text", "a_integer", "a_email", "a_date", "elsewhere"])
    assert {error.field: error.code for error in found} == {
        "a_text": "bad_characters",
        "a_integer": "too_large",
        "a_email": "not_an_email",
    }


def test_a_time_without_a_zone_is_read_where_it_was_typed(fields: FieldSet) -> None:
    typed = check(fields, {"a_datetime": "2026-07-01T12:00"}, *PATCH, zone=ZoneInfo("Europe/Berlin"))
    assert typed == {"a_datetime": dt.datetime(2026, 7, 1, 10, 0, tzinfo=dt.UTC)}
