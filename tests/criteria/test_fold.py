"""One folding: Python's and PostgreSQL's agree on every letter, and it does what people expect."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.types import Text

from app.criteria import fold

ASSIGNED = [
    chr(code)
    for code in range(1, sys.maxunicode + 1)
    if unicodedata.category(chr(code)) not in {"Cn", "Cs", "Co"}
]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
        ("ﬁne", "FINE"),
        ("e\u0301", "É"),
        ("Ⅷ", "viii"),
        (" a\u00a0\u3000b\n", "A B"),
        ("\u212a", "k"),
        ("\u0390", "\u1fd3"),
    ],
)
def test_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("é", "e"), ("ı", "i"), ("a b", "ab"), ("日本", "日本語")])
def test_not_alike(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def in_sql(connection: Connection, texts: list[str]) -> list[str]:
    found = connection.scalar(
        select(func.frontdesk_fold_items(func.to_jsonb(array(texts, type_=Text)), type_=ARRAY(Text)))
    )
    assert found is not None
    return found


def test_postgresql_folds_every_letter_the_same(connection: Connection) -> None:
    """Each letter between two others, so that nothing is stripped; a thousand to one text, to be quick."""
    lines = ["".join(f"a{sign}b" for sign in ASSIGNED[i : i + 1000]) for i in range(0, len(ASSIGNED), 1000)]
    different = [i for i, line in enumerate(in_sql(connection, lines)) if line != fold(lines[i])]
    assert different == []


def test_only_texts_of_a_list_are_folded(connection: Connection) -> None:
    jsonb = func.jsonb_build_array("Ä", 5, None, "b")
    assert connection.scalar(select(func.frontdesk_fold_items(jsonb))) == ["ä", "b"]
    assert connection.scalar(select(func.frontdesk_fold_items(func.to_jsonb("Ä")))) is None
