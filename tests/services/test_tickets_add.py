"""A ticket is written once, with its final values, and told of once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.core.errors import Invalid
from app.fields import definition_version, remember_version
from app.models.customers import Customer
from app.models.mails import Mail
from app.models.routing import Decision
from app.models.tickets import Assignment, Channel, Priority, Status, TicketChange
from app.models.webhooks import Event


def test_a_new_ticket_has_its_final_values_in_one_event(session, desk):
    team = desk.team()
    agent = desk.employee(team)
    rule = desk.rule(action={"team": team.id, "agent": {}, "priority": "high", "add_tags": ["refund"]})
    ticket = desk.ticket(tags=["Billing"])
    assert (ticket.team_id, ticket.assignee_id, ticket.priority) == (team.id, agent.id, Priority.HIGH)
    assert ticket.tags == ["Billing", "refund"]
    created = session.scalars(select(Event).where(Event.object_table == "tickets").order_by(Event.id)).all()
    assert [event.event_type for event in created] == ["TICKET_CREATED", "TICKET_ASSIGNED"]
    assert created[0].payload["object"]["assignee_id"] == agent.id
    history = session.scalars(select(TicketChange)).one()
    assert (history.rule_id, history.changes["team_id"]["new"]) == (rule.id, team.id)
    assignment = session.scalars(select(Assignment)).one()
    assert (assignment.employee_id, assignment.reason, assignment.unassigned_at) == (
        agent.id,
        "routing",
        None,
    )
    assert session.scalars(select(Decision)).one().ticket_id == ticket.id


def test_the_requester_is_joined_or_made(session, desk):
    known = desk.customer(email="ann@example.com", language="de")
    joined = desk.ticket(email="Ann@Example.com")
    made = desk.ticket(email="bob.young@example.com")
    assert joined.customer_id == known.id
    assert joined.email == "Ann@Example.com"
    assert joined.language == "de"
    assert session.get(Customer, made.customer_id).name == "bob.young"


def test_a_customer_writes_as_oneself(desk):
    ann = desk.customer()
    ticket = desk.ticket(desk.as_customer(ann), channel=Channel.API)
    assert (ticket.email, ticket.customer_id, ticket.channel) == (ann.email, ann.id, Channel.PORTAL)


@pytest.mark.parametrize(
    "name", ["status", "priority", "team_id", "assignee_id", "tags", "customer_id", "id"]
)
def test_a_customer_sets_nothing_that_is_the_desks(desk, name):
    actor = desk.as_customer(desk.customer())
    with pytest.raises(Invalid) as problem:
        desk.ticket(actor, **{name: 1})
    assert [error.field for error in problem.value.errors] == [name]


@pytest.mark.parametrize("name", ["id", "version", "created_at", "customer_id", "resolved_at", "nonsense"])
def test_nobody_sets_what_the_program_sets(session, desk, name):
    with pytest.raises(Invalid) as problem:
        desk.ticket(**{name: 1})
    assert [(error.field, error.code) for error in problem.value.errors] == [(name, "unknown_field")]


def test_a_ticket_needs_an_address(desk):
    with pytest.raises(Invalid) as problem:
        desk.ticket(email=None)
    assert [(error.field, error.code) for error in problem.value.errors] == [("email", "required")]


def test_what_the_writer_placed_stays_there(desk):
    ours, theirs = desk.team(), desk.team()
    agent, other = desk.employee(ours), desk.employee(theirs)
    desk.rule(action={"team": theirs.id, "agent": {}})
    ticket = desk.ticket(team_id=ours.id, assignee_id=agent.id)
    assert (ticket.team_id, ticket.assignee_id) == (ours.id, agent.id)
    assert desk.ticket().assignee_id == other.id


@pytest.mark.parametrize("name", ["team_id", "assignee_id"])
def test_a_place_must_take_work(session, desk, name):
    row = desk.team(is_active=False) if name == "team_id" else desk.employee(active=False)
    for wanted in (row.id, 99_999):
        with pytest.raises(Invalid) as problem:
            desk.ticket(**{name: wanted})
        assert problem.value.errors[0].field == name


def test_a_ticket_may_be_written_down_as_solved(session, desk):
    agent = desk.employee()
    ticket = desk.ticket(status=Status.RESOLVED, assignee_id=agent.id)
    assert ticket.resolved_at is not None
    assert session.scalars(select(Assignment)).all() == []


def test_the_requester_is_told_the_number(session, desk):
    ticket = desk.ticket(title="Größe & <b>")
    mail = session.scalars(select(Mail)).one()
    assert (mail.kind, mail.recipient, mail.ticket_id) == ("received", ticket.email, ticket.id)
    assert mail.subject == f"[#{ticket.id}] Größe & <b>"
    assert "Größe &amp; &lt;b&gt;" in mail.body_html
    assert f"https://desk.example.com/portal/tickets/{ticket.id}" in mail.body_text


def test_a_ticket_costs_five_statements(session, desk, statements):
    team = desk.team()
    desk.employee(team)
    desk.rule(action={"team": team.id, "agent": {}})
    desk.ticket()
    remember_version(session, session.scalar(select(definition_version())))
    del statements[:]
    desk.ticket(desk.as_key("create_tickets"))
    routing = ("routing_rules", "routing_decisions", "employee_teams", "revisions", "teams")
    assert len(statements) <= 5, "\n".join(statements)
    assert len([text for text in statements if any(table in text for table in routing)]) == 3
