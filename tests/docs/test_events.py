"""docs/events.md says what the catalogue says, and each type has a schema that is one."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from jsonschema import Draft202012Validator

from app.core.extensions import db
from app.generate.events_page import events_page
from app.services import event_types

PAGE = Path(__file__).resolve().parents[2] / "docs" / "events.md"
KINDS = (*event_types.known().values(), event_types.TESTED)


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == events_page(), "Write it anew: python3 run.py docs events"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_type_has_a_schema_that_is_strict(app: Flask, kind: event_types.EventType) -> None:
    with app.app_context():
        schema = event_types.schema_of(kind, lambda model: event_types.row_schema(db.session(), model))
    Draft202012Validator.check_schema(schema)
    told = {"type": kind.name, "timestamp": "2026-11-22T15:01:10Z", "sequence": 1, "data": {}}
    assert not Draft202012Validator(schema).is_valid(told)
