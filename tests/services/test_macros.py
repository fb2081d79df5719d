"""Macros: placeholders are known or refused, and filled in."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.errors import Invalid, NotFound
from app.models.macros import Macro
from app.services import macros
from app.services.placeholders import fill_in


def add(session: Session, content: str, actor: Any = SYSTEM, **values: Any) -> Macro:
    return macros.add(session, actor, {"title": "Refund", "content": content} | values)


@pytest.mark.parametrize(
    "content",
    [
        "{{customer.phone}}",
        "{{ticket}}",
        "{{}}",
        "{{ticket.id",
        "ticket.id}}",
        "{{ {{ticket.id}} }}",
        "{{TICKET.ID}}",
    ],
)
def test_what_nobody_knows_is_refused(session: Session, content: str) -> None:
    with pytest.raises(Invalid) as refused:
        add(session, content)
    assert [(one.field, one.code) for one in refused.value.errors] == [("content", "unknown_placeholder")]
    macro = add(session, "ok")
    with pytest.raises(Invalid):
        macros.edit(session, SYSTEM, macro, {"content": content})


def test_placeholders_are_filled_in(session: Session, desk: Any) -> None:
    ticket, agent = desk.ticket(title="Broken {{agent.name}}"), desk.employee(name="Eve\n# Boss")
    text = "Dear {{ customer.name }}, #{{ticket.id}} {{ticket.title}}: {single} braces stay. {{agent.name}}"
    macro = add(session, text)
    named = ticket.customer.name
    assert fill_in(session, macro.content, ticket, agent) == (
        f"Dear {named}, #{ticket.id} Broken {{{{agent.name}}}}: {{single}} braces stay. Eve # Boss"
    )


def test_without_a_customer_the_address_stands_in(session: Session, desk: Any) -> None:
    ticket = desk.ticket()
    ticket.customer_id = None
    session.flush()
    session.refresh(ticket)
    assert (
        fill_in(session, add(session, "{{customer.name}}{{agent.name}}").content, ticket, None)
        == "ann@example.com"
    )


def test_each_use_is_counted_and_is_no_change(session: Session, desk: Any) -> None:
    macro, ticket = add(session, "Hello"), desk.ticket()
    version, updated = macro.version, macro.updated_at
    assert [macros.use(session, SYSTEM, macro, ticket, None) for _use in range(2)] == ["Hello", "Hello"]
    session.refresh(macro)
    assert (macro.usage_count, macro.version, macro.updated_at) == (2, version, updated)


def test_a_macro_is_its_writer_s_and_shared_if_said_so(session: Session, desk: Any) -> None:
    one, other = desk.employee(), desk.employee()
    macro = add(session, "Mine", desk.as_employee(one))
    assert macro.owner_id == one.id
    stranger = desk.as_employee(other)
    ticket = desk.ticket()
    desk.act(stranger)
    for attempt in (
        lambda: macros.use(session, stranger, macro, ticket, other),
        lambda: macros.edit(session, stranger, macro, {"title": "Theirs"}),
        lambda: macros.delete(session, stranger, macro),
    ):
        with pytest.raises(NotFound):
            attempt()
    macros.edit(session, desk.as_employee(one), macro, {"shared": True})
    assert macros.use(session, stranger, macro, ticket, other) == "Mine"


def test_fields_are_said_in_the_words_of_the_reader(session: Session, desk: Any) -> None:
    german = {"de": {"options": {"pro": "Profi"}}}
    desk.field("plan", field_type="select", options=["pro"], translations=german)
    desk.field("seats", field_type="integer")
    team = desk.team("Billing")
    ticket = desk.ticket(custom_fields={"plan": "pro", "seats": 1200}, language="de", team_id=team.id)
    text = (
        "{{ticket.custom_fields.plan}}/{{ticket.custom_fields.seats}}/{{ticket.team_id}}/{{ticket.language}}"
    )
    assert fill_in(session, add(session, text).content, ticket, None) == "Profi/1.200/Billing/de"


def test_what_customers_may_not_see_is_never_said(session: Session, desk: Any) -> None:
    margin = desk.field("margin", audiences={"customer": {"visible": False}})
    with pytest.raises(Invalid):
        add(session, "{{ticket.custom_fields.margin}}")
    margin.audiences = {}
    session.flush()
    macro, ticket = (
        add(session, "[{{ticket.custom_fields.margin}}]"),
        desk.ticket(custom_fields={"margin": "9%"}),
    )
    assert fill_in(session, macro.content, ticket, None) == "[9%]"
    margin.audiences = {"customer": {"visible": False}}
    session.flush()
    assert fill_in(session, macro.content, ticket, None) == "[]"
