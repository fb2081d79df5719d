"""Things with a column or custom value of every kind, and the hard values that tell two readings apart."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Integer, MetaData, Numeric, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.core.declare import Choice, ui
from app.fields import FieldSet, Kind
from app.fields.columns import column_fields
from app.fields.definitions import with_definitions
from app.models.base import choice

NOW = dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC)
"""Half an hour before Berlin's clocks go forward."""


class Colour(Choice):
    RED = "red", "Red"
    BLUE = "blue", "Blue"


class Base(DeclarativeBase):
    metadata = MetaData()


class Thing(Base):
    __tablename__ = "things"
    __table_args__ = ({"prefixes": ["TEMPORARY"]},)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, info=ui("Number"))
    title: Mapped[str] = mapped_column(String(200), info=ui("Title"))
    note: Mapped[str | None] = mapped_column(Text, info=ui("Note"))
    colour: Mapped[Colour | None] = mapped_column(choice(Colour), info=ui("Colour"))
    seats: Mapped[int | None] = mapped_column(Integer, info=ui("Seats"))
    ratio: Mapped[float | None] = mapped_column(Numeric(asdecimal=False), info=ui("Ratio"))
    happy: Mapped[bool | None] = mapped_column(Boolean, info=ui("Happy"))
    due: Mapped[dt.date | None] = mapped_column(Date, info=ui("Due"))
    seen_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True), info=ui("Seen"))
    tags: Mapped[list[Any]] = mapped_column(JSONB, info=ui("Tags", tags=True))
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), info=ui("Facts"))
    custom_fields: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


def definition(name: str, kind: str, **facts: Any) -> dict[str, Any]:
    """Return a row of `schema_definitions` as the registry reads it."""
    usual = {
        "is_required": False, "label": "", "help": None, "options": [], "default": None, "position": 0,
        "section": None,
        "audiences": {}, "required_on": "create", "show_when": None, "validation": {}, "translations": {},
        "searchable": False, "deprecated_at": None,
    }  # fmt: skip
    return {**usual, "field_name": name, "field_type": kind, **facts}


OPTIONS = ["basic", "Pro", "Straße"]
CUSTOM = [
    definition(
        f"my_{kind}",
        kind,
        options=OPTIONS if "select" in kind else [],
        validation={"table": "employees"} if kind is Kind.REFERENCE else {},
    )
    for kind in Kind
    if kind not in {Kind.TAGS, Kind.JSON, Kind.VALUE}
]
FIELDS = FieldSet("things", 1, with_definitions(column_fields(Thing), CUSTOM))

TEXTS = [
    "", " ", "\u3000", "ß", "SS", "ss", "Straße", "STRASSE", "İstanbul", "istanbul", "i̇stanbul", "ısıl",
    "ΟΔΥΣΣΕΥΣ", "οδυσσευς",
    "ς", "Σ", "ﬁn", "FIN", "100%", "100", "a_b", "axb", "a/b", "\\", "e\u0301", "é", "É", "Ⅷ", "viii",
    "\u00a0x\u2003 y", "x y",
    "日本語", "日本", "😀", "'; DROP TABLE things; --", "\u212a", "k", "ſ", "s", "ǆ", "Ǆ",
    "a\u0345", "\u0390", "\u1fd3", "\x1f", "ͅ", "ﷺ",
]  # fmt: skip
HARD = "aAßẞsSſιΙςΣσİıIi̇ﬁﷺⅧ\u0301\u0345\u0130 \t\n\u00a0\u2003'\"%_\\/*^$()😀日"
"""Letters whose case, form or meaning differs from place to place; texts are made of them at random."""
NUMBERS = [0, 1, -1, 5, 7, 2**31 - 1, -(2**31)]
DECIMALS = [0.1, 0.3, 1.5, -2.25, 100, 123456789.123456, 1e-9, 99999999999999.9]
DAYS = [dt.date(2026, 3, day) for day in (1, 27, 28, 29, 30)] + [dt.date(2024, 2, 29)]
DAYS += [dt.date(1900, 1, 1), dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 12, 31)]
DAYS += [dt.date(9998, 12, 31), dt.date(1000, 1, 1)]
MOMENTS = [
    NOW, NOW - dt.timedelta(microseconds=1), NOW - dt.timedelta(hours=1), NOW - dt.timedelta(days=7),
    NOW + dt.timedelta(hours=2), dt.datetime(2026, 3, 28, 23, 0, tzinfo=dt.UTC),
    dt.datetime(2026, 3, 29, 21, 59, 59, 999999, tzinfo=dt.UTC),
    dt.datetime(2026, 3, 29, 22, 0, tzinfo=dt.UTC), dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
    dt.datetime(2026, 3, 27, 15, 0, tzinfo=dt.UTC), dt.datetime(2026, 3, 30, 8, 0, tzinfo=dt.UTC),
    dt.datetime(2025, 12, 31, 23, 0, tzinfo=dt.UTC), dt.datetime(2025, 12, 31, 22, 59, tzinfo=dt.UTC),
]  # fmt: skip
WRONG = [
    None,
    "",
    "7",
    7,
    2.5,
    True,
    [],
    {},
    ["7"],
    [1, None],
    10**30,
    "9999999999999999999",
    {"from": 1},
    "true",
    "2026-02-30",
    "2023-02-29",
    "0004-02-29",
    "2026-3-1",
]
"""What may lie in JSONB from an older definition."""


def things(count: int) -> list[dict[str, Any]]:
    """Return rows for the table, the same in every run."""
    dice = random.Random(20260329)
    return [_thing(dice, number) for number in range(1, count + 1)]


def _thing(dice: random.Random, number: int) -> dict[str, Any]:
    def maybe(values: list[Any]) -> Any:
        return dice.choice([None, *values])

    return {
        "id": number,
        "title": dice.choice(TEXTS) + dice.choice(TEXTS),
        "note": maybe([*TEXTS, "".join(dice.choices(HARD, k=dice.randrange(1, 5)))]),
        "colour": maybe([Colour.RED, Colour.BLUE]),
        "seats": maybe(NUMBERS),
        "ratio": maybe(DECIMALS),
        "happy": maybe([True, False]),
        "due": maybe(DAYS),
        "seen_at": maybe(MOMENTS),
        "tags": dice.sample(TEXTS, dice.randrange(4)),
        "facts": maybe([{}, {"a": 1}, []]),
        "custom_fields": _custom(dice),
    }


def _custom(dice: random.Random) -> dict[str, Any]:
    values: dict[str, list[Any]] = {
        "my_integer": NUMBERS, "my_reference": NUMBERS, "my_decimal": DECIMALS, "my_boolean": [True, False],
        "my_date": [day.isoformat() for day in DAYS],
        "my_datetime": [f"{one:%Y-%m-%dT%H:%M:%S.%f}Z" for one in MOMENTS],
        "my_select": OPTIONS, "my_multi_select": [["basic"], ["Pro", "Straße"], ["STRASSE", 5]],
    }  # fmt: skip
    chosen = {
        row["field_name"]: values.get(row["field_name"], TEXTS) for row in CUSTOM if dice.random() < 0.8
    }
    return {name: dice.choice(WRONG if dice.random() < 0.15 else pool) for name, pool in chosen.items()}
