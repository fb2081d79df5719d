"""Kind by kind: which values stay when a field is of another one, which are rewritten, which mean nothing."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.fields import Field, Kind, Option, Refused, becoming, is_same
from app.fields.stored import stored
from app.models.fields import FieldType

BERLIN = ZoneInfo("Europe/Berlin")
OPTIONS = ("S", "M", "5", "yes")
KEPT: dict[Kind, list[Any]] = {
    Kind.TEXT: [
        "word", "5", "2.5", "yes", "s", "S, m", "2026-03-31", "2026-03-31T14:05+02:00", "a@example.com",
        "https://example.com", "+49 30 1234",
    ],
    Kind.LONG_TEXT: ["two\nlines", "5"],
    Kind.INTEGER: [5, -1, 49301234],
    Kind.DECIMAL: [2.5, 5],
    Kind.BOOLEAN: [True, False],
    Kind.DATE: ["2026-03-31"],
    Kind.DATETIME: ["2026-03-31T22:30:00.000000Z"],
    Kind.SELECT: ["S", "XL"],
    Kind.MULTI_SELECT: [["S"], ["S", "M"], ["S", "XL"]],
    Kind.EMAIL: ["a@example.com"],
    Kind.URL: ["https://example.com"],
    Kind.PHONE: ["+49 30 1234"],
    Kind.REFERENCE: [5],
}  # fmt: skip
"""What fields of each kind keep; XL is no option any more."""

TABLE: dict[Kind, str] = {
    # text long_text integer decimal boolean date datetime select multi_select email url phone reference
    Kind.TEXT: "=========== =========== -→--------- -→→-------- ---→------- ------=---- ------→→--- "
    "-=-=→------ -→-→→→----- --------=-- ---------=- ------=---= -----------",
    Kind.LONG_TEXT: "→= == -→ -→ -- -- -- -= -→ -- -- -- --",
    Kind.INTEGER: "→→→ →→→ === === --- --- --- →-- →-- --- --- --→ ---",
    Kind.DECIMAL: "→→ →→ -= == -- -- -- -→ -→ -- -- -- --",
    Kind.BOOLEAN: "→→ →→ -- -- == -- -- →- →- -- -- -- --",
    Kind.DATE: "= = - - - = → - - - - = -",
    Kind.DATETIME: "= = - - - → = - - - - - -",
    Kind.SELECT: "== == -- -- -- -- -- =- →- -- -- -- --",
    Kind.MULTI_SELECT: "→→→ →→→ --- --- --- --- --- →-- ==- --- --- --- ---",
    Kind.EMAIL: "= = - - - - - - - = - - -",
    Kind.URL: "= = - - - - - - - - = - -",
    Kind.PHONE: "= = - - - - - - - - - = -",
    Kind.REFERENCE: "→ → = = - - - → → - - - -",
}
"""For each kind and each other one, in the order of the rows: = stays, → is rewritten, - means nothing."""

MADE = [
    (Kind.TEXT, "5", Kind.INTEGER, 5),
    (Kind.TEXT, "2026-03-31", Kind.DATETIME, "2026-03-30T22:00:00.000000Z"),
    (Kind.TEXT, "S, m", Kind.MULTI_SELECT, ["S", "M"]),
    (Kind.TEXT, "s", Kind.SELECT, "S"),
    (Kind.LONG_TEXT, "two\nlines", Kind.TEXT, "two lines"),
    (Kind.BOOLEAN, True, Kind.SELECT, "yes"),
    (Kind.DATETIME, "2026-03-31T22:30:00.000000Z", Kind.DATE, "2026-04-01"),
    (Kind.MULTI_SELECT, ["S", "XL"], Kind.TEXT, "S, XL"),
    (Kind.SELECT, "S", Kind.MULTI_SELECT, ["S"]),
    (Kind.DECIMAL, 2.5, Kind.TEXT, "2.5"),
]


def of(kind: Kind) -> Field:
    chosen = kind in {Kind.SELECT, Kind.MULTI_SELECT}
    options = tuple(Option(value, value) for value in OPTIONS) if chosen else ()
    return Field(name="custom_fields.thing", kind=kind, label="Thing", options=options)


def outcome(field: Field, kept: Any) -> str:
    try:
        return "=" if is_same(becoming(field, kept, BERLIN), kept) else "→"
    except Refused:
        return "-"


def test_the_table_knows_every_kind_a_desk_can_define() -> None:
    assert (
        {kind.value for kind in TABLE} == {kind.value for kind in FieldType} == {kind.value for kind in KEPT}
    )


@pytest.mark.parametrize("before", TABLE)
def test_what_becomes_of_the_values_of_a_kind(before: Kind) -> None:
    told = " ".join("".join(outcome(of(after), kept) for kept in KEPT[before]) for after in TABLE)
    assert told == TABLE[before]


@pytest.mark.parametrize(("before", "kept", "after", "made"), MADE)
def test_what_a_value_becomes(before: Kind, kept: Any, after: Kind, made: Any) -> None:
    assert kept in KEPT[before]
    assert is_same(becoming(of(after), kept, BERLIN), made)


UNREAD_MEANWHILE = {(Kind.TEXT, Kind.DATETIME, "2026-03-31T14:05+02:00")}
"""A moment that somebody wrote in a form of their own: it is told once it is rewritten."""


@pytest.mark.parametrize("after", TABLE)
def test_what_will_be_rewritten_is_read_before_it_is(after: Kind) -> None:
    every = ((before, kept) for before, values in KEPT.items() for kept in values)
    rewritten = ((before, kept) for before, kept in every if outcome(of(after), kept) != "-")
    unread = {(before, after, kept) for before, kept in rewritten if stored(after, kept) is None}
    assert unread <= UNREAD_MEANWHILE


@pytest.mark.parametrize("after", TABLE)
@pytest.mark.parametrize("kept", [{"a": 1}, ["S", 5], None])
def test_what_no_field_keeps_becomes_nothing(after: Kind, kept: Any) -> None:
    assert outcome(of(after), kept) == "-" or becoming(of(after), kept, BERLIN) is None
