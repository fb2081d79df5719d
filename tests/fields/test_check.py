"""Whole inputs: who may write what, what must be there, bounds, and JSON Schema saying the same."""

from __future__ import annotations

import time
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app.core.errors import Invalid
from app.fields import Access, Audience, FieldSet, Purpose, check, check_json, json_schema, missing
from app.fields.rules import Rules
from tests.fields.conftest import a_field

FIELDS = FieldSet(
    "things",
    1,
    [
        a_field("text", name="title", required=True, nullable=False, rules=Rules(min_length=2, max_length=5)),
        a_field("text", name="code", rules=Rules(pattern="[A-Z]{3}")),
        a_field("select", name="state", nullable=False),
        a_field("integer", name="id", readonly=True),
        a_field("text", name="password", secret=True),
        a_field("integer", name="custom_fields.seats", required=True, rules=Rules(minimum=1, maximum=9)),
        a_field("multi_select", name="custom_fields.plans", default=["Pro"], rules=Rules(max_length=1)),
        a_field("text", name="custom_fields.cause", required=True, required_on="resolve"),
        a_field("text", name="custom_fields.old", required=True, deprecated=True),
        a_field(
            "text",
            name="custom_fields.inner",
            access={Audience.CUSTOMER: Access(visible=False), Audience.API: Access(editable=False)},
            default="untold",
        ),
        a_field("text", name="custom_fields.why", access={Audience.CUSTOMER: Access(required=True)}),
    ],
)


def codes(
    values: dict[str, Any], audience: Audience = Audience.AGENT, purpose: Purpose = Purpose.CREATE
) -> Any:
    with pytest.raises(Invalid) as caught:
        check(FIELDS, values, audience, purpose)
    return {error.field: error.code for error in caught.value.errors}


def test_a_good_input_is_typed_and_defaults_are_filled() -> None:
    values = {"title": "Hello", "custom_fields.seats": "3"}
    assert check(FIELDS, values, Audience.AGENT, Purpose.CREATE) == {
        "title": "Hello",
        "custom_fields.seats": 3,
        "custom_fields.plans": ("Pro",),
        "custom_fields.inner": "untold",
    }
    hidden = check(FIELDS, {**values, "custom_fields.why": "x"}, Audience.CUSTOMER, Purpose.CREATE)
    assert hidden["custom_fields.inner"] == "untold"


@pytest.mark.parametrize(
    ("audience", "values", "expected"),
    [
        (Audience.AGENT, {}, {"title": "required", "custom_fields.seats": "required"}),
        (
            Audience.CUSTOMER,
            {"title": "Hello", "custom_fields.seats": 3},
            {"custom_fields.why": "required"},
        ),
        (
            Audience.AGENT,
            {"title": "H", "custom_fields.seats": 0},
            {"title": "too_short", "custom_fields.seats": "too_small"},
        ),
        (
            Audience.AGENT,
            {"title": "Hello!", "custom_fields.seats": 10},
            {"title": "too_long", "custom_fields.seats": "too_large"},
        ),
        (
            Audience.AGENT,
            {
                "title": "Hello",
                "custom_fields.seats": 1,
                "code": "ABCD",
                "custom_fields.plans": ["basic", "Pro"],
            },
            {"code": "bad_pattern", "custom_fields.plans": "too_many"},
        ),
    ],
)
def test_mistakes(audience: Audience, values: dict[str, Any], expected: dict[str, str]) -> None:
    assert codes(values, audience) == expected


@pytest.mark.parametrize(
    "name", ["nothing", "id", "password", "custom_fields.old", "custom_fields", "custom_fields.x"]
)
def test_what_may_not_be_written_is_unknown(name: str) -> None:
    assert codes({name: "5"}, purpose=Purpose.PATCH) == {name: "unknown_field"}


def test_audiences() -> None:
    for audience, allowed in ((Audience.AGENT, True), (Audience.CUSTOMER, False), (Audience.API, False)):
        assert (FIELDS["custom_fields.inner"] in FIELDS.editable(audience)) is allowed
    assert FIELDS["custom_fields.inner"] not in FIELDS.visible(Audience.CUSTOMER)
    assert FIELDS["custom_fields.inner"] in FIELDS.visible(Audience.API)
    assert FIELDS["password"] not in FIELDS.visible(Audience.AGENT)


def test_a_patch_asks_for_nothing_and_takes_away_only_what_may_be_empty() -> None:
    assert check(FIELDS, {}, Audience.AGENT, Purpose.PATCH) == {}
    assert check(FIELDS, {"code": None}, Audience.AGENT, Purpose.PATCH) == {"code": None}
    assert codes({"title": None, "state": ""}, purpose=Purpose.PATCH) == {
        "title": "required",
        "state": "required",
    }


def test_required_when_resolved() -> None:
    row = {"title": "x", "custom_fields": {"seats": 1}}
    assert [error.field for error in missing(FIELDS, row, Audience.AGENT, "resolve")] == [
        "custom_fields.cause"
    ]
    row["custom_fields"] = {"cause": "spilt tea"}
    assert missing(FIELDS, row, Audience.AGENT, "resolve") == []


def test_documents() -> None:
    document = {
        "title": "Hello",
        "evil": 1,
        "custom_fields": {"seats": "3", "plans": ["gold"], "x": 1, "inner": "y"},
    }
    with pytest.raises(Invalid) as caught:
        check_json(FIELDS, document, Audience.API, Purpose.CREATE)
    assert {error.field: error.code for error in caught.value.errors} == {
        "evil": "unknown_field",
        "custom_fields.seats": "not_a_number",
        "custom_fields.plans": "not_an_option",
        "custom_fields.x": "unknown_field",
        "custom_fields.inner": "unknown_field",
    }


@pytest.mark.parametrize("document", [None, [], "x", 5])
def test_what_is_no_object_is_one_error(document: Any) -> None:
    with pytest.raises(Invalid) as caught:
        check_json(FIELDS, document, Audience.API, Purpose.CREATE)
    assert [(error.field, error.code) for error in caught.value.errors] == [("", "not_structured")]


def test_custom_fields_that_are_no_object() -> None:
    with pytest.raises(Invalid) as caught:
        check_json(FIELDS, {"custom_fields": []}, Audience.API, Purpose.PATCH)
    assert [(error.field, error.code) for error in caught.value.errors] == [
        ("custom_fields", "not_structured")
    ]


def test_a_pattern_takes_linear_time_in_documents_too() -> None:
    fields = FieldSet("things", 1, [a_field("text", name="code", rules=Rules(pattern="(a+)+b"))])
    start = time.process_time()
    with pytest.raises(Invalid):
        check_json(fields, {"code": "a" * 900}, Audience.API, Purpose.PATCH)
    assert time.process_time() - start < 1


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("purpose", Purpose)
def test_the_schema_is_one_and_closed(fields: FieldSet, audience: Audience, purpose: Purpose) -> None:
    for one in (fields, FIELDS):
        schema = json_schema(one, audience, purpose)
        Draft202012Validator.check_schema(schema)
        assert json_schema(one, audience, purpose) is schema
        assert (
            schema["additionalProperties"]
            is schema["properties"]["custom_fields"]["additionalProperties"]
            is False
        )


def test_the_schema_says_what_is_checked() -> None:
    create = json_schema(FIELDS, Audience.API, Purpose.CREATE)
    assert create["required"] == ["title", "custom_fields"]
    assert create["properties"]["title"] == {
        "title": "Text",
        "type": "string",
        "minLength": 2,
        "maxLength": 5,
    }
    assert create["properties"]["code"]["pattern"] == "^(?:[A-Z]{3})$"
    custom = create["properties"]["custom_fields"]
    assert custom["required"] == ["seats"]
    assert list(custom["properties"]) == ["seats", "plans", "cause", "why"]
    assert custom["properties"]["plans"]["items"]["enum"] == ["basic", "Pro"]
    assert "required" not in json_schema(FIELDS, Audience.API, Purpose.PATCH)
    read = json_schema(FIELDS, Audience.API, Purpose.READ)
    assert read["properties"]["custom_fields"]["properties"]["old"]["deprecated"] is True
    assert "password" not in read["properties"]
