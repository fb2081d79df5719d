"""One rating a ticket, by its requester, after the end, changeable for a week."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.access import SYSTEM
from app.core import clock
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.models.customers import Customer
from app.models.feedback import Feedback
from app.models.webhooks import Event
from app.services import feedback, tickets

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture
def agent(desk):
    return desk.employee()


@pytest.fixture
def ticket(session, desk, agent):
    made = desk.ticket(assignee_id=agent.id)
    tickets.resolve(session, SYSTEM, made)
    return made


@pytest.fixture
def ann(session, desk, ticket):
    return desk.as_customer(session.get(Customer, ticket.customer_id))


def test_a_rating_is_kept_and_told(session, ticket, ann, agent):
    given = feedback.rate(session, ann, ticket, 5, "Quick!")
    assert (given.rating, given.comments, given.employee_id, given.customer_id) == (
        5,
        "Quick!",
        agent.id,
        ann.id,
    )
    told = session.scalars(select(Event).where(Event.event_type == "FEEDBACK_RECEIVED")).one()
    assert told.payload["object"]["rating"] == 5


def test_it_may_be_changed_for_seven_days(session, ticket, ann):
    with clock.frozen(NOW):
        given = feedback.rate(session, ann, ticket, 2)
    with clock.frozen(NOW + dt.timedelta(days=7)):
        assert feedback.rate(session, ann, ticket, 4) is given
    with clock.frozen(NOW + dt.timedelta(days=7, seconds=1)), pytest.raises(Conflict):
        feedback.rate(session, ann, ticket, 1)
    assert session.scalars(select(Feedback)).one().rating == 4


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_rating_is_one_to_five(session, ticket, ann, rating):
    with pytest.raises(Invalid) as problem:
        feedback.rate(session, ann, ticket, rating)
    assert problem.value.errors[0].field == "rating"


def test_only_the_requester_rates(session, desk, ticket, agent):
    for actor in (desk.as_customer(desk.customer()), desk.as_employee(agent), desk.as_key("read_feedback")):
        with pytest.raises((NotFound, Forbidden)):
            feedback.rate(session, actor, ticket, 5)
    assert session.scalars(select(Feedback)).all() == []


def test_what_is_not_solved_is_not_rated(session, desk, ticket, ann):
    tickets.reopen(session, SYSTEM, ticket)
    with pytest.raises(Conflict):
        feedback.rate(session, ann, ticket, 5)


def test_another_customer_cannot_change_a_rating(session, desk, ticket, ann):
    feedback.rate(session, ann, ticket, 5)
    with pytest.raises(NotFound):
        feedback.rate(session, desk.as_customer(desk.customer()), ticket, 1)
