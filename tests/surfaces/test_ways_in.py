"""One table of values, every way in: what is taken is kept alike, what is refused is so in the same words."""

from __future__ import annotations

import math
from typing import Any

import pytest

from app.fields.refusal import MESSAGES
from app.models.fields import FieldType
from tests.fields.kinds import ACCEPTED, REFUSED
from tests.surfaces.conftest import Desk
from tests.surfaces.ways_in import SENT, WRITTEN

KINDS = [kind.value for kind in FieldType]
ELSEWHERE = {("datetime", "2026-03-29T02:30:00"), ("datetime", "2026-03-29"), ("boolean", "perhaps")}
"""What means something where a person types: a time in their own zone, a ticked box."""


def taken(kind: str) -> list[tuple[Any, Any]]:
    return [(sent, kept) for one, sent, _typed, kept in ACCEPTED if one == kind]


def refused(kind: str) -> list[tuple[Any, str]]:
    """What can travel in a request at all."""
    found = [(sent, code) for one, sent, code in REFUSED if one == kind]
    return [(sent, code) for sent, code in found if not _is_odd(sent) and len(str(sent)) < 50_000]


def can_be_typed(kind: str, sent: Any) -> bool:
    if isinstance(sent, list):
        return kind == "multi_select" and all(isinstance(item, str) for item in sent)
    return isinstance(sent, str) and (kind, sent) not in ELSEWHERE


def _is_odd(sent: Any) -> bool:
    return (isinstance(sent, float) and not math.isfinite(sent)) or sent == "\ud800"


def in_words(code: str) -> str:
    """Return the fixed beginning of the sentence of a code."""
    return str(MESSAGES[code]).split("%(")[0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", WRITTEN)
def test_what_people_type(desk: Desk, way: str, kind: str) -> None:
    write = WRITTEN[way]
    if (way, kind) == ("portal", "reference"):  # customers do not know our records, so they are not asked
        assert "f_reference" not in desk.guest.get("/portal/new").text
        return
    for sent, kept in taken(kind):
        nothing_or_no = (False, None) if sent is False else (kept,)
        assert write(desk, kind, kept if kind in ("integer", "decimal") else sent) in nothing_or_no
    for sent, code in refused(kind):
        if can_be_typed(kind, sent):
            assert str(write(desk, kind, sent)).startswith(in_words(code)), sent


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", SENT)
def test_what_programs_send(desk: Desk, way: str, kind: str) -> None:
    for sent, kept in taken(kind):
        assert SENT[way](desk, kind, sent) == kept
    for sent, code in refused(kind):
        assert str(SENT[way](desk, kind, sent)).startswith(in_words(code)), sent


@pytest.mark.parametrize("kind", KINDS)
def test_both_say_the_same_to_the_letter(desk: Desk, kind: str) -> None:
    texts = [sent for sent, _code in refused(kind) if can_be_typed(kind, sent)]
    if kind == "boolean" or not texts:
        return
    ways = {**WRITTEN, **SENT} if kind != "reference" else {**SENT, "inbox": WRITTEN["inbox"]}
    assert len({write(desk, kind, texts[0]) for write in ways.values()}) == 1
