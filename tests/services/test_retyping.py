"""Another type for a field with values: nothing is lost, or it is refused with the figures."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.errors import Invalid
from app.fields import fields_of
from app.models.fields import FieldDefinition
from app.models.tickets import Ticket
from app.services import field_definitions

LOST = "would be lost"


@pytest.mark.parametrize(
    ("before", "values", "after", "lost"),
    [
        ({"field_type": "text"}, ["a", "b"], {"field_type": "long_text"}, 0),
        ({"field_type": "integer"}, [5, 7], {"field_type": "decimal"}, 0),
        ({"field_type": "email"}, ["a@example.com"], {"field_type": "text"}, 0),
        ({"field_type": "text"}, ["a@example.com", "b"], {"field_type": "email"}, 1),
        ({"field_type": "text"}, ["S", "M", "S"], {"field_type": "select", "options": ["S", "M"]}, 0),
        ({"field_type": "text"}, ["S", "M", "M"], {"field_type": "select", "options": ["S"]}, 2),
        ({"field_type": "text"}, ["5"], {"field_type": "integer"}, 1),
        ({"field_type": "integer"}, [1], {"field_type": "boolean"}, 1),
        ({"field_type": "boolean"}, [True], {"field_type": "integer"}, 1),
        ({"field_type": "decimal"}, [5, 2.5], {"field_type": "integer"}, 1),
        ({"field_type": "long_text"}, ["two\nlines", "one"], {"field_type": "text"}, 1),
        ({"field_type": "text"}, ["abc"], {"field_type": "long_text", "validation": {"max_length": 2}}, 1),
        ({"field_type": "integer"}, [1], {"field_type": "reference", "validation": {"table": "teams"}}, 1),
        ({"field_type": "text"}, [], {"field_type": "reference", "validation": {"table": "teams"}}, 0),
    ],
)
def test_what_becomes_of_values(
    session: Session, desk: Any, before: dict[str, Any], values: list[Any], after: dict[str, Any], lost: int
) -> None:
    definition = desk.field("thing", **before)
    for value in values:
        desk.ticket(custom_fields={"thing": value})
    kept = session.scalars(select(Ticket.custom_fields)).all()
    told = field_definitions.retyped(session, field_definitions.row_of(definition) | after)
    assert (told.lost, told.kept, told.is_possible) == (lost, len(values) - lost, lost == 0)
    if lost:
        with pytest.raises(Invalid) as caught, session.begin_nested():
            field_definitions.edit(session, SYSTEM, definition, after)
        assert [(one.field, one.code) for one in caught.value.errors] == [("field_type", "not_possible")]
        assert LOST in str(caught.value)
        return
    field_definitions.edit(session, SYSTEM, definition, after)
    assert session.scalars(select(Ticket.custom_fields)).all() == kept
    field = fields_of(session, Ticket)["custom_fields.thing"]
    assert [field.read(ticket) is not None for ticket in session.scalars(select(Ticket))] == [True] * len(
        values
    )


def test_what_rules_a_column_has_no_values_of_its_own(session: Session, desk: Any) -> None:
    desk.ticket()
    definition = field_definitions.add(session, SYSTEM, {"field_name": "category", "field_type": "text"})
    told = field_definitions.retyped(session, field_definitions.row_of(definition) | {"field_type": "select"})
    assert (told.kept, told.lost) == (0, 0)


def test_too_many_different_values_are_not_judged(
    session: Session, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.retyping.MOST", 2)
    definition: FieldDefinition = desk.field("thing", field_type="text")
    for number in range(3):
        desk.ticket(custom_fields={"thing": str(number)})
    told = field_definitions.retyped(
        session, field_definitions.row_of(definition) | {"field_type": "long_text"}
    )
    assert not told.is_possible
