"""Typed values in the form services take: by column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.fields.field import CUSTOM
from app.fields.fieldset import FieldSet
from app.fields.kinds import LISTS


def columns_of(fields: FieldSet, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return typed values by column: custom ones as the JSON members of `custom_fields`."""
    values: dict[str, Any] = {}
    for name, value in typed.items():
        field = fields[name]
        if field.custom:
            values.setdefault(CUSTOM, {})[field.key] = field.dump(value)
        else:
            values[name] = field.empty if value is None else (list(value) if field.kind in LISTS else value)
    return values
