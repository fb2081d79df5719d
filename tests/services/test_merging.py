"""Merging: which tickets can be, who may, what moves, and that nobody reads another's conversation."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, select

from app.access import SYSTEM, Actor, ActorKind
from app.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.models.audit import AuditLog
from app.models.customers import Customer
from app.models.mails import Mail
from app.models.messages import Message
from app.models.tickets import ACTIVE, Assignment, Status, Ticket, TicketChange
from app.models.tokens import Token
from app.models.webhooks import Event
from app.record import plainly
from app.services import archives, messages, portal, tickets

STATES = (*Status, "archived", "merged")


def standing(session, desk, state, **values):
    """Return a ticket in one of the states a ticket can be in."""
    ticket = desk.ticket(**values)
    if state == "merged":
        tickets.merge(session, SYSTEM, ticket, desk.ticket(**values).id)
    elif state == "archived":
        tickets.resolve(session, SYSTEM, ticket)
        tickets.archive(session, SYSTEM, ticket)
        session.refresh(ticket)
    else:
        tickets.edit(session, SYSTEM, ticket, {"status": state})
    return ticket


def said_in(session, ticket):
    wanted = select(Message.message_body).where(Message.ticket_id == ticket.id)
    return list(session.scalars(wanted.order_by(Message.created_at, Message.id)))


def outcome(deed, *arguments):
    """Return the kind of problem a deed raises, None if it is done."""
    try:
        deed(*arguments)
    except (Conflict, Invalid, NotFound, Forbidden, Stale) as problem:
        return type(problem)
    return None


@pytest.mark.parametrize(("source", "target"), list(itertools.product(STATES, STATES)))
def test_every_pair_of_states(session, desk, source, target):
    one, other = standing(session, desk, source), standing(session, desk, target)
    possible = source not in {"archived", "merged"} and target not in {"archived", "merged", Status.CLOSED}
    assert outcome(tickets.merge, session, SYSTEM, one, other.id) is (None if possible else Conflict)
    if possible:
        assert (one.status, one.merged_into_id, one.closed_at is None) == (Status.CLOSED, other.id, False)
        assert other.status is target, "the one that goes on stands where it stood"


def test_what_was_said_moves_in_its_order(session, desk):
    agent = desk.as_employee(desk.employee())
    one, other = desk.ticket(tags=["Billing", "new"]), desk.ticket(description="Mine.", tags=["billing"])
    desk.act(agent)
    messages.reply(session, agent, one, "We look.")
    messages.reply(session, agent, other, "Here too.")
    messages.reply(session, agent, one, "A note.", internal=True)
    before = other.version
    assert tickets.merge(session, agent, one, other.id) is other
    assert said_in(session, one) == []
    assert said_in(session, other) == ["All of it.", "We look.", "Here too.", "A note."]
    notes = session.scalars(select(Message.is_internal).where(Message.message_body == "A note."))
    assert list(notes) == [True], "a note stays one"
    assert other.tags == ["billing", "new"]
    assert one.description == "All of it.", "what was asked stays where it was asked"
    assert other.version > before, "a form that was open is not saved over it"
    assert other.last_agent_at >= one.last_agent_at


def test_it_is_told_on_both(session, desk):
    agent = desk.employee()
    one, other = desk.ticket(assignee_id=agent.id), desk.ticket()
    actor = desk.as_employee(agent)
    tickets.merge(session, actor, one, other.id)
    told = session.scalars(select(Event).where(Event.event_type == "TICKET_MERGED")).one()
    assert (told.object_id, told.payload["object"]["merged_into_id"]) == (one.id, other.id)
    log = select(AuditLog.object_id, AuditLog.action_details).where(AuditLog.action_type == "TICKET_MERGE")
    assert [tuple(row) for row in session.execute(log)] == [
        (one.id, {"into": other.id}),
        (other.id, {"from": one.id}),
    ]
    for ticket, name, value in ((one, "merged_into_id", other.id), (other, "merged_from", one.id)):
        rows = session.scalars(select(TicketChange).where(TicketChange.ticket_id == ticket.id)).all()
        found = [row for row in rows if name in row.changes]
        assert [(row.changes[name]["new"], row.changed_by) for row in found] == [(value, actor.label)]
    held = session.scalars(select(Assignment).where(Assignment.ticket_id == one.id)).one()
    assert held.unassigned_at is not None


@pytest.mark.parametrize(
    ("sees", "reaches", "refused"),
    [(True, True, None), (True, False, Invalid), (False, True, NotFound), (False, False, NotFound)],
)
def test_both_tickets_must_be_the_actors_to_change(session, desk, sees, reaches, refused):
    mine, theirs = desk.team(), desk.team()
    one = desk.ticket(team_id=(mine if sees else theirs).id)
    other = desk.ticket(team_id=(mine if reaches else theirs).id)
    actor = desk.as_employee(desk.employee(team=mine), mine)
    offered = dict(tickets.targets(session, actor, one))
    assert (str(other.id) in offered) is reaches
    assert outcome(tickets.merge, session, actor, one, other.id) is refused
    assert (one.merged_into_id == other.id) is (refused is None)


@pytest.mark.parametrize(
    ("scopes", "refused"),
    [
        (("write_tickets",), None),
        (("update_tickets",), None),
        (("read_tickets",), Forbidden),
        ((), Forbidden),
    ],
)
def test_keys_need_the_scope_to_change_tickets(session, desk, scopes, refused):
    one, other = desk.ticket(), desk.ticket()
    assert outcome(tickets.merge, session, desk.as_key(*scopes), one, other.id) is refused


def test_customers_do_not_merge(session, desk):
    ann = desk.customer()
    one, other = desk.ticket(desk.as_customer(ann)), desk.ticket(desk.as_customer(ann))
    assert outcome(tickets.merge, session, desk.as_customer(ann), one, other.id) is NotFound


def test_what_one_customer_wrote_is_never_anothers(session, desk):
    one, other = desk.ticket(email="ann@example.com"), desk.ticket(email="bob@example.com")
    with pytest.raises(Invalid) as problem:
        tickets.merge(session, SYSTEM, one, other.id)
    assert [error.field for error in problem.value.errors] == ["merged_into_id"]
    assert str(other.id) not in dict(tickets.targets(session, SYSTEM, one))
    session.refresh(one)
    assert one.status in ACTIVE


def test_requesters_without_an_account_are_told_apart_by_address(session, desk):
    one, other, third = (desk.ticket(email=f"{name}@example.com") for name in ("ann", "ann", "bob"))
    for ticket in (one, other, third):
        ticket.customer_id = None
    session.flush()
    assert outcome(tickets.merge, session, SYSTEM, one, third.id) is Invalid
    assert outcome(tickets.merge, session, SYSTEM, one, other.id) is None


@pytest.mark.parametrize("into", [None, "", 0, 10**12])
def test_the_other_ticket_must_be_named_and_there(session, desk, into):
    assert outcome(tickets.merge, session, SYSTEM, desk.ticket(), into) is Invalid


def test_there_are_no_circles(session, desk):
    one, two, three = desk.ticket(), desk.ticket(), desk.ticket()
    assert outcome(tickets.merge, session, SYSTEM, one, one.id) is Invalid
    tickets.merge(session, SYSTEM, one, two.id)
    assert outcome(tickets.merge, session, SYSTEM, two, one.id) is Conflict
    tickets.merge(session, SYSTEM, two, three.id)
    assert outcome(tickets.merge, session, SYSTEM, three, one.id) is Conflict
    assert tickets.followed(session, SYSTEM, one) is three


def test_a_version_that_is_not_the_newest_is_refused(session, desk):
    one, other = desk.ticket(), desk.ticket()
    with pytest.raises(Stale):
        tickets.merge(session, SYSTEM, one, other.id, one.version - 1)


@pytest.mark.parametrize(
    "deed",
    [
        lambda session, one: tickets.edit(session, SYSTEM, one, {"priority": "high"}),
        lambda session, one: tickets.reopen(session, SYSTEM, one),
        lambda session, one: tickets.assign(session, SYSTEM, one, None),
        lambda session, one: messages.reply(session, SYSTEM, one, "Hello?"),
        lambda session, one: messages.reply(session, SYSTEM, one, "Psst.", internal=True),
    ],
)
def test_a_merged_ticket_changes_no_more(session, desk, deed):
    one, other = desk.ticket(), desk.ticket()
    tickets.merge(session, SYSTEM, one, other.id)
    with pytest.raises(Conflict) as problem:
        deed(session, one)
    assert f"#{other.id}" in str(problem.value.message)


def test_a_merged_ticket_can_be_archived_and_comes_back_as_it_was(session, desk):
    one, other = desk.ticket(), desk.ticket()
    tickets.merge(session, SYSTEM, one, other.id)
    archive = tickets.archive(session, SYSTEM, one)
    back = archives.restore(session, SYSTEM, archive)
    assert (back.merged_into_id, back.description) == (other.id, "All of it.")


def test_the_requester_goes_on_in_the_other_while_it_is_theirs(session, desk):
    ann, bob = desk.customer(), desk.customer()
    one, other = desk.ticket(desk.as_customer(ann)), desk.ticket(desk.as_customer(ann))
    tickets.merge(session, desk.act(SYSTEM), one, other.id)
    reader = desk.as_customer(ann)
    assert tickets.followed(session, reader, one) is other
    assert [said.message.message_body for said in portal.conversation(session, reader, other)] == [
        "All of it."
    ]
    tickets.edit(session, desk.act(SYSTEM), other, {"email": bob.email})
    assert tickets.followed(session, desk.as_customer(ann), one) is one, "it is another's by now"


def test_two_who_merge_each_into_the_other_make_no_circle(engine, new_session, small_app):
    """Both at once: one is done, the other is refused, whoever comes first."""
    session = new_session(engine)
    letter = {"email": "race@example.com", "title": "Two at once", "description": "…"}
    pair = [tickets.add(session, SYSTEM, letter).id for _ in range(2)]
    session.commit()

    def merge(source, target):
        with small_app.app_context(), new_session(engine) as own:
            came = outcome(tickets.merge, own, SYSTEM, own.get_one(Ticket, source), target)
            if came is None:
                own.commit()
            return came

    try:
        with ThreadPoolExecutor(2) as pool:
            came = list(pool.map(merge, pair, reversed(pair)))
        assert came.count(None) == 1
        assert set(came) - {None} <= {Conflict, Stale}
    finally:
        session.expire_all()
        customer = session.get_one(Customer, session.get_one(Ticket, pair[0]).customer_id)
        for number in pair:
            tickets.delete(session, SYSTEM, session.get_one(Ticket, number))
        session.delete(customer)
        for left in (Mail, Token, Event):
            session.execute(delete(left), execution_options=plainly)
        session.commit()
        session.close()


def test_a_key_that_may_read_no_notes_moves_them_unread(session, desk):
    one, other = desk.ticket(), desk.ticket()
    messages.reply(session, desk.act(SYSTEM), one, "Inside.", internal=True)
    key = Actor(ActorKind.KEY, 1, scopes=frozenset({"read_tickets", "write_tickets"}))
    tickets.merge(session, desk.act(key), one, other.id)
    assert said_in(session, other) == ["All of it.", "Inside."]
