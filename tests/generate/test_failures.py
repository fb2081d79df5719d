"""Rows that were refused name the field by what people call it."""

from __future__ import annotations

import pytest

from app.fields import Field, FieldSet, Kind
from app.generate.failures import told
from app.services.bulk import Failure

FIELDS = FieldSet("things", 1, [
    Field(name="email", kind=Kind.EMAIL, label="E-mail"),
    Field(name="custom_fields.plan", kind=Kind.TEXT, label="Plan"),
    Field(name="options", kind=Kind.JSON, label="Options"),
])  # fmt: skip


@pytest.mark.parametrize(
    ("name", "label"),
    [("email", "E-mail"), ("custom_fields.plan", "Plan"), ("options[0].value", "Options"), ("", ""),
     ("x.y", "x.y")],
)  # fmt: skip
def test_a_place_is_called_by_its_field(name: str, label: str) -> None:
    (found,) = told(FIELDS, [Failure(3, "Bob", "required", "Please fill this in.", name)])
    assert (found.field, found.position, found.label) == (label, 3, "Bob")
