"""A definition is checked before it may rule anything."""

from __future__ import annotations

from typing import Any

import pytest

from app.fields import definition_errors
from tests.criteria.things import definition


def faults(name: str = "seats", kind: str = "integer", **facts: Any) -> list[str]:
    row = definition(name, kind, **{"applies_to": "tickets", **facts})
    return [error.field for error in definition_errors(row)]


@pytest.mark.parametrize(
    ("name", "kind", "facts"),
    [
        ("seats", "integer", {"validation": {"min": 1, "max": 5}, "default": 3}),
        ("renewal", "date", {"validation": {"min": "2026-01-01"}}),
        ("code", "text", {"validation": {"pattern": "[A-Z]+", "max_length": 3}, "default": "ABC"}),
        ("plan", "select", {"options": ["free", "pro"], "default": "pro"}),
        ("plans", "multi_select", {"options": ["free", "pro"], "validation": {"max_length": 1}}),
        ("account", "reference", {"validation": {"table": "teams"}}),
        ("category", "select", {"options": ["billing"]}),
        ("title", "text", {"translations": {"de": {"label": "Betreff"}}}),
        ("tier_note", "text", {"applies_to": "customers", "audiences": {"customer": {"visible": False}}}),
    ],
)
def test_good(name: str, kind: str, facts: dict[str, Any]) -> None:
    assert faults(name, kind, **facts) == []


@pytest.mark.parametrize(
    ("name", "kind", "facts", "field"),
    [
        ("Seats", "integer", {}, "field_name"),
        ("sort", "integer", {}, "field_name"),
        ("custom_fields", "text", {}, "field_name"),
        ("a" * 61, "text", {}, "field_name"),
        ("seats", "integer", {"applies_to": "nothing"}, "applies_to"),
        ("seats", "integer", {"applies_to": "teams"}, "applies_to"),
        ("status", "text", {}, "field_type"),
        ("title", "integer", {}, "field_type"),
        ("plan", "select", {}, "options"),
        ("plan", "select", {"options": ["a", "A"]}, "options[1].value"),
        ("plan", "select", {"options": [1]}, "options[0]"),
        ("seats", "integer", {"validation": {"min": "few"}}, "validation.min"),
        ("seats", "integer", {"validation": {"pattern": "x"}}, "validation.pattern"),
        ("code", "text", {"validation": {"pattern": "("}}, "validation.pattern"),
        ("code", "text", {"validation": {"max_length": -1}}, "validation.max_length"),
        ("account", "reference", {"validation": {"table": "nothing"}}, "validation.table"),
        ("seats", "integer", {"default": "many"}, "default"),
        ("seats", "integer", {"validation": {"max": 5}, "default": 6}, "default"),
        ("seats", "integer", {"audiences": {"customer": {"visible": "no"}}}, "audiences.customer"),
        ("seats", "integer", {"audiences": {"everybody": {}}}, "audiences.everybody"),
        ("seats", "integer", {"translations": {"de": "Plätze"}}, "translations.de"),
    ],
)
def test_bad(name: str, kind: str, facts: dict[str, Any], field: str) -> None:
    assert faults(name, kind, **facts) == [field]
