"""Macros: placeholders are known or refused, and filled in."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.declare import Role
from app.core.errors import Invalid, NotFound
from app.models.macros import Macro
from app.models.messages import Message
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


TOUCHED = ("status", "priority", "tags", "team_id", "assignee_id")


@pytest.mark.parametrize(
    ("actions", "changed"),
    [
        ({}, {}),
        ({"status": "resolved"}, {"status": "resolved"}),
        ({"priority": "urgent"}, {"priority": "urgent"}),
        ({"add_tags": ["B", "c"], "remove_tags": ["A"]}, {"tags": ["b", "c"]}),
        ({"add_tags": ["A"]}, {}),
        ({"team": "team"}, {"team_id": "team"}),
        ({"agent": "eve"}, {"assignee_id": "eve"}),
        ({"assign": "me"}, {"assignee_id": "me"}),
        ({"assign": "nobody"}, {"assignee_id": None}),
        ({"status": "pending", "note": "Look at this"}, {"status": "pending"}),
    ],
    ids=str,
)
def test_what_a_macro_does_to_a_ticket(
    session: Session, desk: Any, actions: dict[str, Any], changed: dict[str, Any]
) -> None:
    team = desk.team()
    eve, me = desk.employee(team), desk.employee(team, role=Role.SUPERVISOR)
    named = {"team": team.id, "eve": eve.id, "me": me.id}
    ticket = desk.ticket(tags=["a", "b"], assignee_id=desk.employee(team).id)
    before = {name: getattr(ticket, name) for name in TOUCHED}
    actor = desk.as_employee(me, team)
    said = {word: named[value] if word in {"team", "agent"} else value for word, value in actions.items()}
    macros.apply(session, actor, add(session, "Hello", actor, actions=said), ticket)
    numbers = {"team_id", "assignee_id"}
    expected = {name: named.get(value) if name in numbers else value for name, value in changed.items()}
    assert {name: getattr(ticket, name) for name in TOUCHED} == before | expected
    notes = session.scalars(select(Message.message_body).where(Message.ticket_id == ticket.id)).all()
    assert notes == ([actions["note"]] if "note" in actions else [])


@pytest.mark.parametrize(
    ("actions", "field", "code"),
    [
        ({"team": "idle_team"}, "actions.team", "not_allowed"),
        ({"team": 2**62}, "actions.team", "not_allowed"),
        ({"agent": "gone"}, "actions.agent", "not_allowed"),
        ({"agent": "eve", "assign": "me"}, "actions.assign", "either"),
    ],
    ids=str,
)
def test_changes_nobody_could_make_are_refused(
    session: Session, desk: Any, actions: dict[str, Any], field: str, code: str
) -> None:
    named = {
        "idle_team": desk.team(is_active=False).id,
        "gone": desk.employee(active=False).id,
        "eve": desk.employee().id,
    }
    said = {word: named.get(value, value) for word, value in actions.items()}
    with pytest.raises(Invalid) as refused:
        add(session, "Hello", actions=said)
    assert [(one.field, one.code) for one in refused.value.errors] == [(field, code)]


def test_a_state_that_was_set_with_the_answer_stays(session: Session, desk: Any) -> None:
    ticket, macro = desk.ticket(), add(session, "Hello", actions={"status": "resolved", "priority": "low"})
    macros.apply(session, SYSTEM, macro, ticket, also_status=False)
    assert (ticket.status, ticket.priority) == ("new", "low")
