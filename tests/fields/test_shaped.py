"""JSON of a declared shape: what the schema says and what reading says are one, for every shape there is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app import models
from app.core.shape import Languages, Lines, Member, Shape, Words
from app.fields import Refused, read
from app.fields.shaped import schema_of
from app.models.fields import OPTIONS, TRANSLATIONS
from app.models.routing import ACTION

SHAPES: list[Shape] = [
    facts.shape
    for model in models.load()
    for column in model.__table__.columns
    if (facts := column.info.get("ui")) is not None and facts.shape is not None
]
WORDS = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6)
    .map(str.strip)
    .filter(bool)
)
ODD = (
    st.none()
    | st.booleans()
    | st.integers(-2, 12)
    | WORDS
    | st.lists(WORDS, max_size=2)
    | st.just({})
    | st.just({"odd": 1})
)


def values(member: Member) -> st.SearchStrategy[Any]:
    """Values of a member as people say them, and some that cannot be."""
    return st.one_of(_right(member), _right(member), ODD)


def _right(member: Member) -> st.SearchStrategy[Any]:
    if member.members is not None:
        whole = st.fixed_dictionaries(
            {}, optional={name: values(one) for name, one in member.members.items()}
        )
        short = (
            values(member.members[member.bare]) if member.bare else st.integers(1, 9) if member.row else whole
        )
        return whole | short
    if member.each is not None:
        return st.dictionaries(WORDS, WORDS, max_size=2)
    if member.choices:
        return st.sampled_from([str(choice) for choice in member.choices])
    if member.row:
        return st.integers(1, 9)
    if member.texts:
        return st.lists(WORDS, min_size=1, max_size=3)
    return st.booleans() if member.flag else st.integers(1, 10) if member.number else WORDS


def of(shape: Shape) -> st.SearchStrategy[Any]:
    """Values of a shape."""
    if isinstance(shape, Lines):
        return st.lists(values(shape.of), max_size=3)
    if isinstance(shape, Words):
        return st.fixed_dictionaries({}, optional={name: values(one) for name, one in shape.of.items()})
    return st.dictionaries(st.sampled_from(["de", "pt_BR", "german"]), values(shape.of), max_size=2)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: type(shape).__name__)
def test_schema_and_reading_agree(shape: Shape, data: st.DataObject) -> None:
    raw = data.draw(of(shape))
    schema = Draft202012Validator(schema_of(shape))
    value, codes = answer(shape, raw)
    if codes:
        assert not schema.is_valid(raw) or codes <= {"twice", "required", "either"}
    else:
        assert schema.is_valid(value), "what is kept fits the schema"
        assert answer(shape, value) == (value, set()), "reading what is kept changes nothing"


def answer(shape: Shape, raw: Any) -> tuple[Any, set[str]]:
    """What is kept, and the codes of what is wrong, one a place."""
    try:
        return read(shape, raw), set()
    except Refused as problem:
        errors = problem.every("it")
        assert len({error.field for error in errors}) == len(errors)
        return None, {error.code for error in errors}


@pytest.mark.parametrize(
    ("shape", "raw", "places"),
    [
        (OPTIONS, "a", {"": "not_structured"}),
        (OPTIONS, [{"label": "A"}], {"[0].value": "required"}),
        (OPTIONS, ["a", "A"], {"[1].value": "twice"}),
        (
            OPTIONS,
            [{"value": "a", "colour": "pink"}, {"value": 5}],
            {"[0].colour": "not_an_option", "[1].value": "not_a_text"},
        ),
        (OPTIONS, ["x" * 101], {"[0]": "too_long"}),
        (OPTIONS, ["a"] * 101, {"": "too_many"}),
        (ACTION, {"team": "1", "priority": 1}, {".team": "not_a_reference", ".priority": "not_an_option"}),
        (ACTION, {"agent": {"id": 1, "skill": "a"}}, {".agent": "either"}),
        (ACTION, {"agent": {"min_level": 11}}, {".agent.min_level": "too_large"}),
        (ACTION, {"explode": 1}, {".explode": "unknown_field"}),
        (ACTION, {"add_tags": []}, {".add_tags": "required"}),
        (ACTION, {"agent": {"min_level": []}}, {".agent.min_level": "not_a_number"}),
        (ACTION, {"agent": {"min_level": ""}}, {".agent.min_level": "required"}),
        (ACTION, {"agent": {"by": {}}}, {".agent.by": "not_an_option"}),
        (ACTION, {"agent": {"skill": []}}, {".agent.skill": "not_a_text"}),
        (TRANSLATIONS, {"german": {}}, {".german": "not_a_language"}),
        (TRANSLATIONS, {"de": {"options": {"a": 1}}}, {".de.options.a": "not_a_text"}),
    ],
)
def test_every_mistake_is_named_with_its_place(shape: Shape, raw: Any, places: dict[str, str]) -> None:
    with pytest.raises(Refused) as caught:
        read(shape, raw)
    assert {error.field: error.code for error in caught.value.every("")} == places


@pytest.mark.parametrize(
    ("shape", "raw", "kept"),
    [
        (OPTIONS, [{"value": " a ", "label": ""}], ["a"]),
        (OPTIONS, [{"value": "a", "label": "A"}], [{"value": "a", "label": "A"}]),
        (ACTION, {"agent": {"skill": "", "min_level": 5}}, {"agent": {"min_level": 5}}),
        (ACTION, {"agent": {}}, {"agent": {}}),
        (TRANSLATIONS, {"de": {}, "fr": {"label": "", "options": {"a": ""}}}, {}),
    ],
)
def test_what_is_empty_is_not_kept(shape: Shape, raw: Any, kept: Any) -> None:
    assert read(shape, raw) == kept


def test_every_kind_of_shape_is_declared_somewhere() -> None:
    assert {type(shape) for shape in SHAPES} == {Lines, Words, Languages}
