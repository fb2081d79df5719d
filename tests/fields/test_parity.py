"""What a form refuses a document refuses with the same code, whatever is sent."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Invalid
from app.fields import Audience, FieldSet, Kind, Purpose, check, check_json
from app.fields.rules import Rules
from app.fields.shapes import SHAPES
from tests.fields.conftest import a_field

RULES = {
    "text": Rules(min_length=2, max_length=6, pattern="[a-zß ]*"),
    "integer": Rules(minimum=-3, maximum=7),
    "decimal": Rules(minimum=-3, maximum=7),
    "multi_select": Rules(min_length=2),
    "tags": Rules(max_length=2),
}
FIELDS = FieldSet("things", 1, [a_field(kind, rules=RULES.get(kind, Rules())) for kind in Kind])
TEXTS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        [
            "basic",
            "Pro",
            "2026-03-29",
            "2026-02-30",
            "2026-03-29T00:30:00Z",
            "a@b.example",
            "https://b.example",
            "12",
            "true",
        ]
    ),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-9, 9),
    st.floats(allow_nan=False, allow_infinity=False),  # JSON has neither, and its reader refuses them
    TEXTS,
    st.decimals(-9, 9, places=2).map(float),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)


def answer(ask: Any) -> Any:
    """Return the typed values, or the code of the refusal."""
    try:
        return ask()
    except Invalid as problem:
        return [error.code for error in problem.errors]


@settings(max_examples=1500, deadline=None)
@given(kind=st.sampled_from(list(Kind)), value=VALUES)
def test_form_and_document(kind: Kind, value: Any) -> None:
    name = f"a_{kind}"
    form = answer(lambda: check(FIELDS, {name: value}, Audience.API, Purpose.PATCH))
    document = answer(lambda: check_json(FIELDS, {name: value}, Audience.API, Purpose.PATCH))
    if form != document:
        assert isinstance(value, str | list), "only texts and lists of texts are read more freely in a form"
        assert document in (
            [SHAPES[kind].mismatch],
            ["not_a_text"],
            ["not_an_option"],
            ["too_short"],
            ["too_long"],
            ["too_few"],
            ["too_many"],
        )
