"""docs/declare.md says what the vocabulary says, and every word of it has a meaning."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from app.core import declare
from app.generate.declare_page import SECTIONS, declare_page, words_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "declare.md"
CLASSES = [one for _title, classes in SECTIONS for one in classes]
WORDS = [(one, word) for one in CLASSES if hasattr(one, "__dataclass_fields__") for word in words_of(one)]


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == declare_page(), "Write it anew: python3 run.py docs declare"


@pytest.mark.parametrize(
    "one", [kind for kind in vars(declare).values() if hasattr(kind, "__dataclass_fields__")]
)
def test_no_class_and_no_word_is_left_out(one: Any) -> None:
    assert one in CLASSES
    assert [word.name for word in words_of(one)] == [field.name for field in fields(one)]


@pytest.mark.parametrize(("one", "word"), WORDS, ids=lambda value: getattr(value, "name", ""))
def test_every_word_has_a_meaning(one: Any, word: Any) -> None:
    assert len(word.meaning) > 9, f"{one.__name__}.{word.name}: write a text below it"
