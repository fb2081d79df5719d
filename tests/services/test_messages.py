"""Replies and notes: who may say what, what it does to the ticket, and that nobody talks past another."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import delete, select

from app.access import SYSTEM, Actor, ActorKind
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.models.customers import Customer
from app.models.mails import Mail
from app.models.messages import Message, SenderType
from app.models.tickets import Channel, Status, Ticket, TicketChange
from app.models.tokens import Token
from app.models.webhooks import Event
from app.record import plainly
from app.services import messages, tickets
from app.services.messages import Newer


@pytest.fixture
def agent(desk):
    return desk.employee()


@pytest.fixture
def ticket(desk):
    made = desk.ticket()
    desk.session.execute(delete(Mail), execution_options=plainly)
    return made


def reply(session, actor, ticket, body="Try again.", **more):
    return messages.reply(session, actor, ticket, body, **more)


def told(session, name):
    return session.scalars(select(Event).where(Event.event_type == name).order_by(Event.id)).all()


def kinds(session):
    return [mail.kind for mail in session.scalars(select(Mail).order_by(Mail.id))]


def test_the_first_answer_opens_a_new_ticket(session, desk, agent, ticket):
    actor = desk.as_employee(agent)
    message = reply(session, actor, ticket, "Try **this**.")
    assert (message.sender_type, message.sender_id, message.channel) == (
        SenderType.EMPLOYEE,
        agent.id,
        Channel.AGENT,
    )
    assert message.body_html == "<p>Try <strong>this</strong>.</p>\n"
    assert ticket.status is Status.OPEN
    first = ticket.first_response_at
    assert first is not None
    reply(session, actor, ticket, "And this.")
    assert ticket.first_response_at == first
    assert ticket.last_agent_at > first


def test_a_note_changes_nothing_and_stays_inside(session, desk, agent, ticket):
    version = ticket.version
    reply(session, desk.as_employee(agent), ticket, "Careful: secret.", internal=True)
    assert (ticket.status, ticket.first_response_at, ticket.version) == (Status.NEW, None, version)
    assert kinds(session) == []
    assert told(session, "TICKET_REPLIED") == []
    note = told(session, "TICKET_NOTE_ADDED")[0]
    assert note.payload["message"]["message_body"] == "Careful: secret."
    others = session.scalars(select(Event).where(Event.event_type != "TICKET_NOTE_ADDED")).all()
    assert not any("secret" in str(event.payload) for event in others)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Status.NEW, Status.NEW),
        (Status.OPEN, Status.OPEN),
        (Status.PENDING, Status.OPEN),
        (Status.RESOLVED, Status.OPEN),
    ],
)
def test_a_customers_word_takes_up_what_was_left(session, desk, ticket, before, after):
    tickets.edit(session, SYSTEM, ticket, {"status": before})
    reply(session, desk.as_customer(session.get(Customer, ticket.customer_id)), ticket, "Still broken.")
    assert ticket.status is after
    assert bool(told(session, "TICKET_REOPENED")) is (before is Status.RESOLVED)
    assert ticket.resolved_at is None
    assert "reply" not in kinds(session)


def test_nobody_replies_in_a_closed_ticket(session, desk, agent, ticket):
    tickets.edit(session, SYSTEM, ticket, {"status": Status.CLOSED})
    for actor in (desk.as_employee(agent), desk.as_customer(session.get(Customer, ticket.customer_id))):
        with pytest.raises(Conflict):
            reply(session, actor, ticket)
    assert reply(session, desk.as_employee(agent), ticket, internal=True).id


def test_an_archived_ticket_takes_no_word(session, desk, agent, ticket):
    ticket.archived_at = ticket.created_at
    session.flush()
    with pytest.raises(Conflict):
        reply(session, desk.as_employee(agent), ticket, internal=True)


def test_the_customer_reads_the_answer_by_mail(session, desk, agent, ticket):
    reply(session, desk.as_employee(agent), ticket, "Try <b>this</b>.")
    mail = session.scalars(select(Mail)).one()
    assert (mail.kind, mail.recipient) == ("reply", ticket.email)
    assert "Try &lt;b&gt;this&lt;/b&gt;." in mail.body_html
    assert "Try <b>this</b>." in mail.body_text


def test_a_reply_that_resolves_goes_out_in_one_mail(session, desk, agent, ticket):
    reply(session, desk.as_employee(agent), ticket, "Done now.", status=Status.RESOLVED)
    assert kinds(session) == ["resolved"]
    assert "Done now." in session.scalars(select(Mail)).one().body_text
    assert ticket.status is Status.RESOLVED
    assert [len(told(session, name)) for name in ("TICKET_REPLIED", "TICKET_RESOLVED")] == [1, 1]


@pytest.mark.parametrize("body", ["", " \n "])
def test_an_empty_message_is_refused(session, desk, agent, ticket, body):
    with pytest.raises(Invalid) as problem:
        reply(session, desk.as_employee(agent), ticket, body)
    assert [(error.field, error.code) for error in problem.value.errors] == [("message_body", "required")]


def test_only_the_own_ticket_is_a_customers(session, desk, ticket):
    stranger = desk.as_customer(desk.customer())
    with pytest.raises(NotFound):
        reply(session, stranger, ticket)
    own = desk.as_customer(session.get(Customer, ticket.customer_id))
    with pytest.raises(NotFound):
        reply(session, own, ticket, internal=True)
    assert reply(session, own, ticket).sender_type is SenderType.CUSTOMER


def test_an_agent_speaks_in_own_teams_only(session, desk, agent, ticket):
    ours, theirs = desk.team(), desk.team()
    tickets.assign(session, SYSTEM, ticket, None, team_id=theirs.id)
    with pytest.raises(NotFound):
        reply(session, desk.as_employee(agent, ours), ticket)
    assert reply(session, desk.as_employee(agent, theirs), ticket).id


def test_a_key_needs_scopes(session, desk, ticket):
    with pytest.raises(Forbidden):
        reply(session, desk.as_key("read_tickets"), ticket)
    key = desk.as_key("update_tickets")
    with pytest.raises(Forbidden) as problem:
        reply(session, key, ticket, internal=True)
    assert problem.value.scope == "read_notes"
    assert reply(session, key, ticket).sender_type is SenderType.SYSTEM
    assert ticket.first_response_at is not None


def test_what_the_program_says_is_no_first_response(session, desk, ticket):
    reply(session, desk.act(SYSTEM), ticket)
    assert (ticket.first_response_at, ticket.status) == (None, Status.NEW)


def test_add_answers_alike_for_absent_and_foreign_tickets(session, desk, agent, ticket):
    tickets.assign(session, SYSTEM, ticket, None, team_id=desk.team().id)
    actor = desk.as_employee(agent)
    said = []
    for number in (ticket.id, 99_999, None):
        with pytest.raises(Invalid) as problem:
            messages.add(session, actor, {"ticket_id": number, "message_body": "Hello"})
        said.append([(error.field, error.code, str(error.message)) for error in problem.value.errors])
    assert said[0] == said[1] == said[2]
    with pytest.raises(Invalid) as problem:
        messages.add(session, actor, {"ticket_id": ticket.id, "sender_id": 1})
    assert problem.value.errors[0].field == "sender_id"


def test_a_newer_message_of_another_is_shown_first(session, desk, agent, ticket):
    ann = desk.as_customer(session.get(Customer, ticket.customer_id))
    actor = desk.as_employee(agent)
    seen = reply(session, actor, ticket).id
    desk.act(ann)
    newest = reply(session, ann, ticket, "One more thing.")
    desk.act(actor)
    with pytest.raises(Newer) as problem:
        reply(session, actor, ticket, newest_seen=seen)
    assert problem.value.newest is newest
    assert session.scalars(select(Message).where(Message.ticket_id == ticket.id)).all() == [
        session.get(Message, seen),
        newest,
    ]
    own = reply(session, actor, ticket, newest_seen=newest.id)
    assert reply(session, actor, ticket, newest_seen=newest.id).id > own.id, "own messages are known"


def test_customers_do_not_hear_of_notes_by_a_conflict(session, desk, agent, ticket):
    reply(session, desk.as_employee(agent), ticket, internal=True)
    ann = desk.as_customer(session.get(Customer, ticket.customer_id))
    assert reply(session, ann, ticket, newest_seen=0).id
    with pytest.raises(Newer):
        reply(session, desk.as_employee(desk.employee()), ticket, newest_seen=0)


def test_a_message_is_no_change_of_the_ticket(session, desk, agent, ticket):
    actor = desk.as_employee(agent)
    reply(session, actor, ticket)
    version, activity = ticket.version, ticket.last_activity_at
    rows = len(session.scalars(select(TicketChange)).all())
    reply(session, actor, ticket)
    assert ticket.version == version
    assert ticket.last_activity_at > activity
    assert len(session.scalars(select(TicketChange)).all()) == rows
    tickets.edit(session, actor, ticket, {"priority": "high"}, expected=version)


def test_two_who_send_at_once_see_each_other(engine, new_session):
    first, second = new_session(engine), new_session(engine)
    values = {"email": "twin@example.com", "title": "Two at once", "description": "…"}
    number = tickets.add(first, SYSTEM, values).id
    first.commit()
    met: list[Newer] = []

    def answer_too() -> None:
        try:
            messages.reply(second, SYSTEM, second.get_one(Ticket, number), "Me too.", newest_seen=0)
        except Newer as problem:
            met.append(problem)

    try:
        customer = first.get_one(Customer, first.get_one(Ticket, number).customer_id)
        said = messages.reply(
            first,
            Actor(ActorKind.CUSTOMER, customer.id),
            first.get_one(Ticket, number),
            "I am first.",
            newest_seen=0,
        )
        other = threading.Thread(target=answer_too)
        other.start()
        other.join(0.3)
        assert other.is_alive(), "the second waits"
        first.commit()
        other.join(10)
        assert [problem.newest.id for problem in met] == [said.id]
    finally:
        second.close()
        tickets.delete(first, SYSTEM, first.get_one(Ticket, number))
        first.delete(customer)
        for left in (Mail, Token, Event):
            first.execute(delete(left), execution_options=plainly)
        first.commit()
        first.close()
