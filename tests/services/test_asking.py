"""Conditions of fields and what must be filled, whoever writes and by whatever way."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.declare import Role
from app.core.errors import Conflict, Invalid
from app.fields import fields_of
from app.models.fields import FieldDefinition
from app.models.tickets import Status, Ticket
from app.record import act_as
from app.services import field_definitions, tickets
from app.services.asking import not_told, unasked

BILLING = {"field": "category", "op": "is", "value": "Billing"}
MANY = {"field": "custom_fields.seats", "op": "gte", "value": 50}


@pytest.fixture
def chained(desk: Any) -> None:
    """Seats are asked about billing only, and who decides only where there are many."""
    desk.field("seats", field_type="integer", show_when=BILLING)
    desk.field("decider", is_required=True, show_when=MANY)


def codes(attempt: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        attempt()
    return {error.field: error.code for error in caught.value.errors}


@pytest.mark.parametrize(
    ("category", "seats", "hidden"),
    [
        ("Billing", 50, set()),
        ("Billing", 49, {"custom_fields.decider"}),
        ("Billing", None, {"custom_fields.decider"}),
        ("Orders", 50, {"custom_fields.seats", "custom_fields.decider"}),
        (None, None, {"custom_fields.seats", "custom_fields.decider"}),
    ],
)
def test_what_is_asked(session: Session, chained: None, category: Any, seats: Any, hidden: set[str]) -> None:
    row = {"category": category, "custom_fields": {"seats": seats} if seats else {}}
    assert unasked(fields_of(session, Ticket), row) == hidden


@pytest.mark.parametrize("who", ["employee", "key", "customer"])
def test_required_only_while_asked(session: Session, desk: Any, chained: None, who: str) -> None:
    actor = {
        "employee": lambda: desk.as_employee(desk.employee()),
        "key": lambda: desk.as_key("write_tickets"),
        "customer": lambda: desk.as_customer(desk.customer()),
    }[who]()
    many = {"category": "Billing", "custom_fields": {"seats": 60}}
    assert codes(lambda: desk.ticket(actor, **many)) == {"custom_fields.decider": "required"}
    assert desk.ticket(actor, category="Billing", custom_fields={"seats": 6}).custom_fields == {"seats": 6}
    assert desk.ticket(actor, category="Orders", custom_fields={"seats": 60}).custom_fields == {}


def test_what_is_not_asked_is_dropped_and_what_was_there_stays(
    session: Session, desk: Any, chained: None
) -> None:
    ticket = desk.ticket(category="Billing", custom_fields={"seats": 6})
    tickets.edit(session, SYSTEM, ticket, {"category": "Orders", "custom_fields": {"seats": 7}})
    assert (ticket.category, ticket.custom_fields) == ("Orders", {"seats": 6})
    tickets.edit(session, SYSTEM, ticket, {"category": "Billing"})
    assert ticket.custom_fields == {"seats": 6}


def test_a_required_value_is_not_emptied_but_an_empty_one_holds_nobody_up(
    session: Session, desk: Any
) -> None:
    old = desk.ticket()
    desk.field("cause", is_required=True)
    agent = desk.as_employee(desk.employee())
    new = desk.ticket(agent, custom_fields={"cause": "rain"})
    empty = {"custom_fields": {"cause": None}}
    assert codes(lambda: tickets.edit(session, agent, new, empty)) == {"custom_fields.cause": "required"}
    session.refresh(new)
    tickets.edit(session, agent, old, {"title": "Older than the rule"})


def test_a_condition_holds_for_what_is_required_on_resolve(session: Session, desk: Any) -> None:
    desk.field("cause", is_required=True, required_on="resolve", show_when=BILLING)
    agent = desk.as_employee(desk.employee())
    billing, other = desk.ticket(agent, category="Billing"), desk.ticket(agent, category="Orders")
    end = {"status": Status.RESOLVED}
    assert codes(lambda: tickets.edit(session, agent, billing, end)) == {"custom_fields.cause": "required"}
    assert tickets.edit(session, agent, other, end).status is Status.RESOLVED


def test_a_reference_leads_somewhere_whoever_writes(session: Session, desk: Any) -> None:
    desk.field("partner", field_type="reference", validation={"table": "teams"})
    team = desk.team()
    assert desk.ticket(custom_fields={"partner": team.id}).custom_fields == {"partner": team.id}
    astray = {"custom_fields.partner": "not_a_reference"}
    assert codes(lambda: desk.ticket(custom_fields={"partner": team.id + 99})) == astray


def add(session: Session, name: str, **values: Any) -> FieldDefinition:
    return field_definitions.add(session, SYSTEM, {"field_name": name, "field_type": "integer"} | values)


@pytest.mark.parametrize(
    ("condition", "path"),
    [
        ({"field": "nothing", "op": "is", "value": 1}, "show_when.field"),
        ({"all": [BILLING, {"field": "title", "op": "gte", "value": "a"}]}, "show_when.all[1].op"),
        ({"field": "status", "op": "is", "value": "lost"}, "show_when.value"),
        ({"field": "status", "op": "changed"}, "show_when.op"),
        ({"field": "custom_fields.seats", "op": "is", "value": 1}, "show_when"),
        (["all"], "show_when"),
    ],
)
def test_a_wrong_condition_is_refused_with_its_path(session: Session, condition: Any, path: str) -> None:
    assert [*codes(lambda: add(session, "seats", show_when=condition))] == [path]


def test_a_circle_is_refused(session: Session) -> None:
    first = add(session, "first")
    add(session, "second", show_when={"field": "custom_fields.first", "op": "not_empty"})
    circle = {"show_when": {"field": "custom_fields.second", "op": "not_empty"}}
    assert codes(lambda: field_definitions.edit(session, SYSTEM, first, circle)) == {
        "show_when": "not_possible"
    }


def test_nothing_is_taken_from_under_a_condition(session: Session) -> None:
    plan = add(session, "plan", field_type="select", options=["basic", "pro"])
    add(session, "seats", show_when={"field": "custom_fields.plan", "op": "is", "value": "pro"})
    fewer = {"options": ["basic"]}
    assert "options" in codes(lambda: field_definitions.edit(session, SYSTEM, plan, fewer))
    session.refresh(plan)
    with pytest.raises(Conflict):
        field_definitions.delete(session, SYSTEM, plan)


def test_a_field_is_retired_and_brought_back(session: Session, desk: Any) -> None:
    seats = add(session, "seats", is_required=True, default=5)
    assert field_definitions.offered(seats) == ("retire",)
    field_definitions.retire(session, SYSTEM, seats)
    assert fields_of(session, Ticket)["custom_fields.seats"].deprecated
    assert desk.ticket(desk.as_employee(desk.employee())).custom_fields == {}
    with pytest.raises(Conflict):
        field_definitions.retire(session, SYSTEM, seats)
    field_definitions.bring_back(session, SYSTEM, seats)
    assert not fields_of(session, Ticket)["custom_fields.seats"].deprecated
    with pytest.raises(Conflict):
        field_definitions.bring_back(session, SYSTEM, seats)


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"validation": {"min": 5, "max": 1}}, "validation.max"),
        ({"field_type": "date", "validation": {"min": "2026-02-01", "max": "2026-01-01"}}, "validation.max"),
        ({"field_type": "text", "validation": {"min_length": 5, "max_length": 1}}, "validation.max_length"),
        ({"translations": {"german": {"label": "Sitze"}}}, "translations.german"),
        ({"translations": {"de": {"label": 5}}}, "translations.de.label"),
        ({"translations": {"de": {"options": ["a"]}}}, "translations.de.options"),
        ({"translations": {"de": {"options": {"a": 1}}}}, "translations.de.options.a"),
        ({"field_name": "title", "field_type": "text", "searchable": True}, "searchable"),
        ({"field_name": "title", "field_type": "text", "default": "x"}, "default"),
    ],
)
def test_a_definition_that_cannot_be_is_refused(session: Session, values: dict[str, Any], path: str) -> None:
    assert path in codes(lambda: add(session, **({"name": "seats"} | _named(values))))


def _named(values: dict[str, Any]) -> dict[str, Any]:
    return {("name" if name == "field_name" else name): value for name, value in values.items()}


def test_a_default_is_kept_in_its_own_type(session: Session) -> None:
    assert add(session, "seats", default="5").default == 5
    assert add(session, "known", field_type="boolean", default="yes").default is True


UNSEEN = {"customer": {"visible": False}}


@pytest.mark.parametrize(
    ("kept", "operator"), [("yes", "is"), (None, "is"), ("yes", "empty"), (None, "empty")]
)
def test_what_is_asked_does_not_tell_what_one_never_sees(
    session: Session, desk: Any, kept: str | None, operator: str
) -> None:
    """To a customer the hidden field counts as empty, whatever it holds; an agent is asked by its value."""
    desk.field("vip", audiences=UNSEEN)
    condition = {"field": "custom_fields.vip", "op": operator} | (
        {"value": "yes"} if operator == "is" else {}
    )
    desk.field("wish", show_when=condition)
    row = {"custom_fields": {"vip": kept} if kept else {}}
    fields, asked = fields_of(session, Ticket), {}
    for name, actor in (
        ("customer", desk.as_customer(desk.customer())),
        ("agent", desk.as_employee(desk.employee())),
    ):
        act_as(session, actor, source="test")
        asked[name] = "custom_fields.wish" not in unasked(fields, row, not_told(session, Ticket))
    assert asked == {"customer": operator == "empty", "agent": (operator == "is") is (kept == "yes")}


def test_what_a_customer_was_asked_is_kept(session: Session, desk: Any) -> None:
    desk.field("vip", audiences=UNSEEN, default="yes")
    desk.field("wish", show_when={"field": "custom_fields.vip", "op": "empty"})
    ticket = desk.ticket(desk.as_customer(desk.customer()), custom_fields={"wish": "tea", "vip": "yes"})
    assert ticket.custom_fields["wish"] == "tea"


def test_a_condition_asks_about_what_its_writer_sees(session: Session, desk: Any) -> None:
    desk.field("vip", audiences={"agent": {"visible": False}})
    writer = desk.as_employee(desk.employee(role=Role.ADMIN))
    values = {"field_name": "wish", "show_when": {"field": "custom_fields.vip", "op": "empty"}}
    assert codes(lambda: field_definitions.add(session, writer, values)) == {
        "show_when.field": "unknown_field"
    }
