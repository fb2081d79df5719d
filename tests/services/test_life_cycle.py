"""The life of a ticket: each way between two states, and any number of them in a row."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from app.access import SYSTEM, Actor, ActorKind
from app.core import clock
from app.core.errors import Conflict, Invalid, NotFound, Stale
from app.models.mails import Mail
from app.models.tickets import ACTIVE, Assignment, Priority, Status, Ticket, TicketChange
from app.models.tokens import Purpose
from app.models.webhooks import Event
from app.services import links, messages, tickets

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
NEW, OPEN, PENDING, RESOLVED, CLOSED = Status
ENDED = {RESOLVED, CLOSED}


def told(session, ticket):
    wanted = select(Event.event_type).where(Event.object_table == "tickets", Event.object_id == ticket.id)
    return list(session.scalars(wanted.order_by(Event.id)))


def rows(session, ticket):
    wanted = select(Assignment).where(Assignment.ticket_id == ticket.id).order_by(Assignment.id)
    return session.scalars(wanted).all()


@pytest.mark.parametrize("before", list(Status))
@pytest.mark.parametrize("after", list(Status))
def test_every_way_between_two_states(session, desk, before, after):
    agent = desk.employee()
    ticket = desk.ticket(assignee_id=agent.id)
    tickets.edit(session, SYSTEM, ticket, {"status": before})
    ended, seen = ticket.resolved_at, len(told(session, ticket))
    tickets.edit(session, SYSTEM, ticket, {"status": after})
    assert ticket.status is after
    assert (ticket.resolved_at is not None) is (after in ENDED)
    assert (ticket.closed_at is not None) is (after is CLOSED)
    if before in ENDED and after in ENDED:
        assert ticket.resolved_at == ended, "the first end counts"
    news = told(session, ticket)[seen:]
    assert ("TICKET_RESOLVED" in news) is (after is RESOLVED and before is not RESOLVED)
    assert ("TICKET_REOPENED" in news) is (before in ENDED and after not in ENDED)
    assert ("TICKET_UPDATED" in news) is (before is not after)
    held = [row for row in rows(session, ticket) if row.unassigned_at is None]
    assert [row.employee_id for row in held] == ([agent.id] if after in ACTIVE else [])


def test_what_was_answered_is_new_no_more(session, desk):
    ticket = desk.ticket()
    messages.reply(session, desk.as_employee(desk.employee()), ticket, "Try again.")
    with pytest.raises(Invalid) as problem:
        tickets.edit(session, SYSTEM, ticket, {"status": NEW})
    assert problem.value.errors[0].field == "status"


@pytest.mark.parametrize("status", list(Status))
def test_resolve_and_reopen_want_the_other_side(session, desk, status):
    ticket = desk.ticket()
    tickets.edit(session, SYSTEM, ticket, {"status": status})
    verb, other = (tickets.resolve, tickets.reopen) if status in ACTIVE else (tickets.reopen, tickets.resolve)
    with pytest.raises(Conflict):
        other(session, SYSTEM, ticket)
    verb(session, SYSTEM, ticket)
    assert ticket.status is (RESOLVED if verb is tickets.resolve else OPEN)


def test_the_end_is_mailed_with_a_way_to_rate(session, desk):
    ticket = desk.ticket()
    tickets.resolve(session, SYSTEM, ticket)
    mail = session.scalars(select(Mail).where(Mail.kind == "resolved")).one()
    raw = mail.body_text.split("/portal/rate/")[1].split()[0]
    token = links.find(session, Purpose.RATE, raw)
    assert (token.subject_type, token.subject_id) == ("ticket", ticket.id)
    assert f"/portal/rate/{raw}?rating=5" in mail.body_html


def test_what_is_required_on_resolve_is_asked_of_who_ends_it(session, desk):
    desk.field("cause", is_required=True, required_on="resolve")
    agent = desk.as_employee(desk.employee())
    ticket = desk.ticket()
    for end in (RESOLVED, CLOSED):
        with pytest.raises(Invalid) as problem:
            tickets.edit(session, desk.act(agent), ticket, {"status": end})
        assert [(error.field, error.code) for error in problem.value.errors] == [
            ("custom_fields.cause", "required")
        ]
        session.refresh(ticket)
    with pytest.raises(Invalid):
        tickets.resolve(session, desk.as_key("write_tickets"), ticket)
    tickets.edit(session, desk.act(agent), ticket, {"status": RESOLVED, "custom_fields": {"cause": "rain"}})
    assert ticket.status is RESOLVED
    other = desk.ticket()
    tickets.resolve(session, SYSTEM, other)
    assert other.status is RESOLVED


def test_customers_end_their_own_tickets_only(session, desk):
    ann = desk.customer()
    ticket, other = desk.ticket(desk.as_customer(ann)), desk.ticket(SYSTEM)
    actor = desk.as_customer(ann)
    with pytest.raises(NotFound):
        tickets.resolve(session, actor, other)
    with pytest.raises(NotFound):
        tickets.edit(session, actor, ticket, {"title": "Mine"})
    with pytest.raises(NotFound):
        tickets.assign(session, actor, ticket, None)
    tickets.resolve(session, actor, ticket)
    with pytest.raises(NotFound):
        tickets.reopen(session, actor, ticket)
    assert ticket.status is RESOLVED


def test_assignments_follow_the_assignee(session, desk):
    ann, bob, team = desk.employee(), desk.employee(), desk.team()
    ticket = desk.ticket()
    with clock.frozen(NOW):
        tickets.assign(session, SYSTEM, ticket, ann.id, team_id=team.id)
    with clock.frozen(NOW + dt.timedelta(hours=1)):
        tickets.assign(session, desk.as_employee(ann), ticket, bob.id, reason="handed over")
    tickets.assign(session, desk.act(SYSTEM), ticket, bob.id)
    first, second = rows(session, ticket)
    assert (first.employee_id, first.team_id, first.unassigned_at) == (
        ann.id,
        team.id,
        NOW + dt.timedelta(hours=1),
    )
    assert (second.employee_id, second.reason, second.assigned_by) == (
        bob.id,
        "handed over",
        f"employee:{ann.id}",
    )
    assert told(session, ticket).count("TICKET_ASSIGNED") == 2
    assert ticket.team_id == team.id
    tickets.assign(session, SYSTEM, ticket, None, team_id=None)
    assert (ticket.team_id, ticket.assignee_id) == (None, None)
    assert [row.unassigned_at is None for row in rows(session, ticket)] == [False, False]


def test_an_agent_reaches_tickets_of_own_teams_only(session, desk):
    ours, theirs = desk.team(), desk.team()
    agent = desk.employee(ours)
    ticket = desk.ticket(team_id=theirs.id)
    actor = desk.as_employee(agent, ours)
    for verb in (tickets.resolve, tickets.reopen):
        with pytest.raises(NotFound):
            verb(session, actor, ticket)
    with pytest.raises(NotFound):
        tickets.edit(session, actor, ticket, {"title": "Ours"})
    with pytest.raises(NotFound):
        tickets.assign(session, actor, ticket, agent.id)
    with pytest.raises(NotFound):
        tickets.delete(session, actor, ticket)


def test_an_agent_may_hand_a_ticket_to_another_team(session, desk):
    ours, theirs = desk.team(), desk.team()
    ticket = desk.ticket(team_id=ours.id)
    tickets.edit(session, desk.as_employee(desk.employee(ours), ours), ticket, {"team_id": theirs.id})
    assert ticket.team_id == theirs.id


def test_a_stale_change_is_refused(session, desk):
    ticket = desk.ticket()
    seen = ticket.version
    tickets.edit(session, SYSTEM, ticket, {"title": "Changed"}, expected=seen)
    verbs = {
        "edit": lambda: tickets.edit(session, SYSTEM, ticket, {"title": "Again"}, expected=seen),
        "assign": lambda: tickets.assign(session, SYSTEM, ticket, None, expected=seen),
        "resolve": lambda: tickets.resolve(session, SYSTEM, ticket, expected=seen),
        "delete": lambda: tickets.delete(session, SYSTEM, ticket, expected=seen),
    }
    for verb in verbs.values():
        with pytest.raises(Stale):
            verb()
    assert ticket.title == "Changed"


def test_an_archived_ticket_takes_no_change(session, desk):
    ticket = desk.ticket()
    ticket.archived_at = NOW
    session.flush()
    for verb in (
        lambda: tickets.edit(session, SYSTEM, ticket, {"title": "New"}),
        lambda: tickets.assign(session, SYSTEM, ticket, None),
        lambda: tickets.resolve(session, SYSTEM, ticket),
    ):
        with pytest.raises(Conflict):
            verb()


def test_a_resolved_ticket_is_archived_by_its_own_verb(session, desk):
    ticket = desk.ticket()
    with pytest.raises(Conflict):
        tickets.archive(session, SYSTEM, ticket)
    tickets.resolve(session, SYSTEM, ticket)
    assert tickets.archive(session, SYSTEM, ticket).ticket_id == ticket.id
    assert ticket.archived_at is not None


def test_a_new_address_is_another_requester(session, desk):
    ticket = desk.ticket()
    other = desk.customer()
    tickets.edit(session, SYSTEM, ticket, {"email": other.email})
    assert ticket.customer_id == other.id


def test_one_change_makes_one_row_of_history(session, desk):
    ticket = desk.ticket()
    tickets.edit(session, SYSTEM, ticket, {"priority": Priority.HIGH, "tags": ["a"], "status": OPEN})
    changes = session.scalars(select(TicketChange).where(TicketChange.ticket_id == ticket.id)).all()
    assert [set(change.changes) for change in changes[1:]] == [{"priority", "tags", "status"}]


def test_a_deleted_ticket_takes_its_words_along(session, desk):
    ticket = desk.ticket(assignee_id=desk.employee().id)
    number = ticket.id
    message = messages.reply(session, SYSTEM, ticket, "Bye.").id
    tickets.delete(session, SYSTEM, ticket)
    session.expire_all()
    assert session.get(Ticket, number) is None
    assert session.get(messages.Message, message) is None


@pytest.fixture
def machine(session, desk):
    """The life cycle as a state machine over one ticket of this test's desk."""
    return type("Machine", (LifeCycle,), {"session": session, "desk": desk})


class LifeCycle(RuleBasedStateMachine):
    """Anybody does anything to one ticket; what was promised of it always holds."""

    session = desk = None

    def __init__(self) -> None:
        super().__init__()
        self.moment = NOW
        self.people = [self.desk.employee().id, self.desk.employee().id]
        with clock.frozen(self.moment):
            self.ticket = self.desk.ticket(email="life@example.com")
        self.resolved = self.reopened = 0
        self.customer = Actor(ActorKind.CUSTOMER, self.ticket.customer_id)

    def do(self, verb, *given, **more):
        self.moment += dt.timedelta(minutes=1)
        before = self.ticket.status
        with clock.frozen(self.moment):
            verb(self.session, *given, **more)
        self.resolved += self.ticket.status is RESOLVED and before is not RESOLVED
        self.reopened += self.ticket.status in ACTIVE and before in ENDED

    @rule(person=st.sampled_from([0, 1, None]))
    def assign(self, person):
        self.do(tickets.assign, SYSTEM, self.ticket, None if person is None else self.people[person])

    @rule(status=st.sampled_from([OPEN, PENDING, RESOLVED, CLOSED]))
    def move(self, status):
        self.do(tickets.edit, SYSTEM, self.ticket, {"status": status})

    @precondition(lambda self: self.ticket.status in ACTIVE)
    @rule()
    def customer_says_solved(self):
        self.do(tickets.resolve, self.customer, self.ticket)

    @precondition(lambda self: self.ticket.status is not CLOSED)
    @rule()
    def customer_writes(self):
        before = self.ticket.status
        self.do(messages.reply, self.customer, self.ticket, "Hello?")
        assert self.ticket.status is (OPEN if before in {PENDING, RESOLVED} else before)

    @precondition(lambda self: self.ticket.status is not CLOSED)
    @rule(internal=st.booleans())
    def employee_writes(self, internal):
        first, before = self.ticket.first_response_at, self.ticket.status
        actor = self.desk.as_employee(self.session.get(tickets.assignment.Employee, self.people[0]))
        self.do(messages.reply, actor, self.ticket, "Hm.", internal=internal)
        assert self.ticket.first_response_at == (first if internal or first else self.moment)
        assert self.ticket.status is (OPEN if before is NEW and not internal else before)

    @invariant()
    def the_moments_fit_the_status(self):
        assert (self.ticket.resolved_at is not None) is (self.ticket.status in ENDED)
        assert (self.ticket.closed_at is not None) is (self.ticket.status is CLOSED)

    @invariant()
    def one_open_assignment_while_there_is_work(self):
        held = [row.employee_id for row in rows(self.session, self.ticket) if row.unassigned_at is None]
        expected = (
            [self.ticket.assignee_id] if self.ticket.status in ACTIVE and self.ticket.assignee_id else []
        )
        assert held == expected

    @invariant()
    def assignments_do_not_overlap(self):
        past = rows(self.session, self.ticket)
        for earlier, later in itertools.pairwise(past):
            assert earlier.unassigned_at <= later.assigned_at

    @invariant()
    def each_end_and_each_return_is_told_once(self):
        news = told(self.session, self.ticket)
        assert news.count("TICKET_RESOLVED") == self.resolved
        assert news.count("TICKET_REOPENED") == self.reopened


def test_whatever_is_done_in_whatever_order(machine):
    run_state_machine_as_test(
        machine, settings=settings(max_examples=20, stateful_step_count=12, deadline=None)
    )
