"""The page about criteria lists every operator of every kind, what it takes, and an example that is right."""

from __future__ import annotations

import re
from pathlib import Path

import orjson

from app.criteria import READINGS, Period, parse
from app.criteria.moment import UNITS
from app.fields import FieldSet
from app.fields.columns import column_fields
from app.fields.definitions import with_definitions
from app.models.tickets import Ticket
from tests.criteria.things import definition

PAGE = (Path(__file__).parents[2] / "docs/criteria.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([a-z_]+)` \| ([a-z_, ]+) \| ([a-z]+) \| (.+) \|$", re.MULTILINE)


def test_every_operator_stands_there_with_its_kinds_and_what_it_takes() -> None:
    said = [
        (kind, name, takes)
        for name, kinds, takes, _meaning in ROW.findall(PAGE)
        for kind in kinds.split(", ")
    ]
    known = [
        (kind, one.name, one.takes.name.lower())
        for kind, reading in READINGS.items()
        for one in reading.operators.values()
    ]
    assert sorted(said) == sorted(known)


def test_every_period_and_unit_is_named() -> None:
    named = set(re.findall(r"`([a-z_]+)`", PAGE))
    assert set(Period) | set(UNITS) <= named


def test_the_example_is_right() -> None:
    [example] = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    fields = with_definitions(column_fields(Ticket), [definition("seats", "integer")])
    parse(orjson.loads(example), FieldSet("tickets", 1, fields))
