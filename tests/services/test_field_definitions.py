"""Field definitions: a wrong one is never saved, one with values never vanishes."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.clock import now
from app.core.errors import Conflict, Invalid, NotFound, Stale
from app.fields import fields_of
from app.models.fields import FieldDefinition, FieldType
from app.models.tickets import Ticket
from app.services import field_definitions as definitions


def add(session: Session, **values: Any) -> FieldDefinition:
    return definitions.add(session, SYSTEM, {"field_name": "seats", "field_type": FieldType.INTEGER} | values)


def refused(attempt: Any) -> set[str]:
    """Return the fields that were refused."""
    with pytest.raises(Invalid) as caught:
        attempt()
    return {error.field for error in caught.value.errors}


def test_a_field_is_there_at_once(session: Session) -> None:
    add(session, label="Seats", is_required=True)
    field = fields_of(session, Ticket)["custom_fields.seats"]
    assert (str(field.label), field.required) == ("Seats", True)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"field_name": "Seats"}, "field_name"),
        ({"field_name": "1st"}, "field_name"),
        ({"field_name": "a" * 61}, "field_name"),
        *(({"field_name": word}, "field_name") for word in ("q", "sort", "limit", "cursor", "total")),
        ({"field_name": "updated_since"}, "field_name"),
        ({"applies_to": "nothing"}, "applies_to"),
        ({"applies_to": "teams"}, "applies_to"),
        ({"field_type": FieldType.SELECT}, "options"),
        ({"field_type": FieldType.SELECT, "options": ["a", "a"]}, "options[1].value"),
        ({"validation": {"min": "many"}}, "validation.min"),
        ({"field_type": FieldType.TEXT, "validation": {"pattern": "("}}, "validation.pattern"),
        ({"default": "many"}, "default"),
        ({"default": 3, "validation": {"max": 2}}, "default"),
    ],
)
def test_what_cannot_be_is_refused(session: Session, values: dict[str, Any], field: str) -> None:
    assert refused(lambda: add(session, **values)) == {field}


def test_a_name_is_taken_once_a_table(session: Session) -> None:
    add(session)
    assert refused(lambda: add(session)) & {"applies_to", "applies_to_field_name"}


def test_name_and_table_stay_for_ever(session: Session) -> None:
    field = add(session)
    assert refused(lambda: definitions.edit(session, SYSTEM, field, {"field_name": "chairs"})) == {
        "field_name"
    }
    values = {"field_name": "seats", "applies_to": "tickets", "label": "Chairs"}
    assert definitions.edit(session, SYSTEM, field, values).label == "Chairs"


def test_the_type_may_change_until_there_are_values(session: Session, desk: Any) -> None:
    field = add(session)
    definitions.edit(session, SYSTEM, field, {"field_type": FieldType.TEXT})
    desk.ticket(custom_fields={"seats": "five"})
    change = {"field_type": FieldType.INTEGER}
    assert refused(lambda: definitions.edit(session, SYSTEM, field, change)) == {"field_type"}
    assert definitions.edit(session, SYSTEM, field, {"field_type": FieldType.TEXT, "help": "How many?"}).help


def test_an_unused_field_is_deleted_a_used_one_retired(session: Session, desk: Any) -> None:
    unused, used = add(session, field_name="unused"), add(session)
    desk.ticket(custom_fields={"seats": 5})
    definitions.delete(session, SYSTEM, unused)
    definitions.delete(session, SYSTEM, used)
    assert session.get(FieldDefinition, unused.id) is None
    assert used.deprecated_at is not None
    assert fields_of(session, Ticket)["custom_fields.seats"].deprecated
    with pytest.raises(Conflict):
        definitions.delete(session, SYSTEM, used)


def test_what_rules_a_column_can_always_go(session: Session, desk: Any) -> None:
    topic = add(session, field_name="category", field_type=FieldType.SELECT, options=["billing", "other"])
    desk.ticket(category="billing")
    assert fields_of(session, Ticket)["category"].values == ("billing", "other")
    definitions.delete(session, SYSTEM, topic)
    assert fields_of(session, Ticket)["category"].values == ()


def test_a_stale_edit_is_refused(session: Session) -> None:
    field = add(session)
    with pytest.raises(Stale):
        definitions.edit(session, SYSTEM, field, {"label": "x"}, expected=field.version + 1)


def test_agents_read_only(session: Session, desk: Any) -> None:
    field = add(session, deprecated_at=now())
    agent = desk.as_employee(desk.employee())
    for attempt in (
        lambda: definitions.add(session, agent, {"field_name": "x"}),
        lambda: definitions.edit(session, agent, field, {"label": "x"}),
        lambda: definitions.delete(session, agent, field),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_a_new_field_is_the_last_of_its_section(session: Session) -> None:
    def place(name: str, section: str | None, **values: Any) -> int:
        given = {"field_name": name, "label": name.title(), "section": section} | values
        return definitions.add(session, SYSTEM, given).position

    first, invoice = place("first", None), place("invoice", "Invoice")
    assert first < invoice
    assert first < place("second", None) < invoice < place("vat", "Invoice")
    assert place("chosen", "Invoice", position=3) == 3
    assert place("shipped", "Delivery") > place("again", "Invoice")
