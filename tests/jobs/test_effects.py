"""Which events reach whom; leases, slots, and what happens when things go wrong on our side."""

from __future__ import annotations

import datetime as dt
import threading
import time
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.adapters.vault import Vault
from app.core.clock import frozen, now
from app.core.extensions import db, redis
from app.jobs import effects, lease, slots
from app.jobs.crew import Crew
from app.jobs.publish import BATCH, publish
from app.jobs.unit import unit
from app.models.effects import State
from app.models.feedback import Feedback
from app.models.tickets import Ticket
from app.models.webhooks import Delivery, Event, Webhook
from app.record.outbox import emit
from app.services import deliveries, events, tickets
from app.services.tries import SEALED
from tests.jobs.conftest import Receiver, add_hook, change, happen, row_of, tries
from tests.processes import within


@pytest.mark.parametrize(
    ("wanted", "heard"),
    [
        ({"event_types": ["*"]}, True),
        ({"event_types": ["TICKET_CREATED", "TICKET_UPDATED"]}, True),
        ({"event_types": ["TICKET_CREATED"]}, False),
        ({"is_active": False}, False),
    ],
)
def test_a_webhook_hears_what_it_wants(clean: None, wanted: dict[str, Any], heard: bool) -> None:
    add_hook("http://127.0.0.1:9/", **wanted)
    happen()
    publish()
    assert bool(tries()) is heard
    assert row_of(Event).published_at is not None


@pytest.mark.parametrize("include", [True, False])
def test_notes_go_only_where_they_are_wanted(clean: None, include: bool) -> None:
    add_hook("http://127.0.0.1:9/", include_notes=include)
    happen("TICKET_NOTE_ADDED")
    publish()
    assert bool(tries()) is include


def test_publishing_again_makes_no_second_delivery(hook: Webhook) -> None:
    happen()
    publish()
    change(Event, state=State.WAITING)
    assert publish() == {}
    assert len(tries()) == 1


def test_a_burst_is_published_to_the_end(hook: Webhook, receiver: Receiver) -> None:
    wanted = [happen(n=number) for number in range(BATCH + 5)]
    effects.run("event", wanted[-1])
    assert [call.headers["webhook-id"] for call in receiver.calls] == [f"evt_{event}" for event in wanted]
    assert {row.state for row in tries()} == {State.DONE}


@pytest.mark.parametrize(
    ("asked", "heard"),
    [
        ({"field": "title", "op": "is", "value": "REFUND"}, True),
        ({"field": "title", "op": "is", "value": "parcel"}, False),
        ({"field": "status", "op": "is", "value": "new"}, True),
        ({"field": "created_at", "op": "is", "value": "today"}, True),
        ({"field": "last_agent_at", "op": "empty"}, True),
        ({"field": "status", "op": "changed"}, False),
    ],
)
def test_a_webhook_with_criteria_hears_of_tickets_that_meet_them(
    clean: None, asked: dict[str, Any], heard: bool
) -> None:
    """As the event kept it: what was changed before it was published alters no answer."""
    with unit() as session:
        values = {"email": "ann@example.com", "title": "Refund", "description": "x"}
        ticket = tickets.add(session, SYSTEM, values).id
    add_hook("http://127.0.0.1:9/", criteria=asked, event_types=["TICKET_CREATED", "CUSTOMER_CREATED"])
    change(Event, state=State.WAITING)
    with unit() as session:
        session.connection().execute(
            Ticket.__table__.update().where(Ticket.id == ticket).values(title="Parcel", status="resolved")
        )
    publish()
    assert len(tries()) == heard


def test_what_a_change_was_from_is_known_to_webhooks(clean: None) -> None:
    asked = {"field": "priority", "op": "changed_from_to", "value": {"from": "medium", "to": "urgent"}}
    with unit() as session:
        values = {"email": "ann@example.com", "title": "Refund", "description": "x"}
        ticket = tickets.add(session, SYSTEM, values)
        session.commit()
        for priority in ("high", "medium", "urgent"):
            tickets.edit(session, SYSTEM, ticket, {"priority": priority})
            session.commit()
    add_hook("http://127.0.0.1:9/", criteria=asked)
    change(Event, state=State.WAITING)
    publish()
    assert len(tries()) == 1


def test_feedback_is_about_its_ticket_and_customers_are_about_none(clean: None) -> None:
    with unit() as session:
        values = {"email": "ann@example.com", "title": "Refund", "description": "x"}
        ticket = tickets.add(session, SYSTEM, values)
        session.connection().execute(delete(Event.__table__))
        rating = Feedback(ticket_id=ticket.id, rating=5)
        session.add(rating)
        session.flush()
        emit(session, "FEEDBACK_RECEIVED", rating)
    happen("CUSTOMER_CREATED")
    add_hook("http://127.0.0.1:9/", criteria={"field": "title", "op": "is", "value": "refund"})
    publish()
    assert len(tries()) == 1


def test_criteria_that_cannot_be_read_any_more_switch_the_webhook_off(hook: Webhook) -> None:
    change(Webhook, criteria={"all": [{"field": "custom_fields.gone", "op": "is", "value": 1}]})
    happen()
    happen()
    publish()
    off = row_of(Webhook)
    assert not off.is_active
    assert "criteria.all[0].field" in off.disabled_reason
    assert tries() == []


def test_an_event_that_cannot_be_judged_is_put_off_then_parked_then_tried_again(hook: Webhook) -> None:
    change(Webhook, criteria={"field": "title", "op": "is", "value": "x"})
    happen()
    change(Event, payload={})
    moment = now()
    for _try in range(lease.MOST):
        moment += lease.LONGEST
        with frozen(moment):
            publish()
    parked = row_of(Event)
    assert (parked.state, parked.lease_count) == (State.PARKED, lease.MOST)
    assert parked.error.startswith("KeyError: ")
    change(Webhook, criteria=None)
    with unit() as session:
        events.retry(session, SYSTEM, session.get_one(Event, parked.id))
    publish()
    assert row_of(Event).state is State.DONE


def test_a_lease_keeps_others_away_until_it_ends(hook: Webhook) -> None:
    happen()
    publish()
    with unit() as session:
        first = slots.claim(session, hook.id)
    with unit() as session:
        assert slots.claim(session, hook.id) is None
    with frozen(now() + slots.SECONDS + dt.timedelta(seconds=1)), unit() as session:
        second = slots.claim(session, hook.id)
    assert first is not None
    assert second is not None
    assert (second.id, second.lease_count) == (first.id, first.lease_count + 1)


def test_who_lost_the_lease_records_nothing(hook: Webhook, receiver: Receiver) -> None:
    receiver.status = 500
    happen()
    receiver.meanwhile = lambda: _overtake(current)
    current = current_app._get_current_object()  # type: ignore[attr-defined]
    effects.run("event", 0)
    [row] = tries()
    assert (row.state, row.response_code) == (State.WAITING, None)


def _overtake(app: Flask) -> None:
    with app.app_context():
        change(Delivery, lease_count=7, leased_until=now() + dt.timedelta(minutes=1))


@pytest.mark.parametrize(("failing", "most"), [(False, slots.AT_ONCE), (True, slots.WHILE_FAILING)])
def test_a_receiver_has_so_many_slots(hook: Webhook, failing: bool, most: int) -> None:
    change(Webhook, failing_since=now() if failing else None)
    for number in range(slots.AT_ONCE + 2):
        happen(n=number)
    publish()
    claimed = []
    for _try in range(slots.AT_ONCE + 2):
        with unit() as session:
            claimed.append(slots.claim(session, hook.id))
    assert sum(row is not None for row in claimed) == most


@pytest.mark.parametrize("failing", [False, True])
def test_a_slot_goes_on_to_the_next_delivery_and_never_becomes_two(hook: Webhook, failing: bool) -> None:
    for number in range(slots.AT_ONCE + 2):
        happen(n=number)
    publish()
    under_way = []
    for _slot in range(slots.AT_ONCE):
        with unit() as session:
            under_way.append(slots.claim(session, hook.id))
    for row in under_way[:2]:
        with unit() as session:
            lease.finish(session, Delivery.__table__, row, state=State.DONE)
            if failing:
                session.connection().execute(Webhook.__table__.update().values(failing_since=now()))
            followed = slots.go_on(session, hook.id)
            with Session(db.engine) as beside:
                assert slots.claim(beside, hook.id) is None
        assert (followed is None) is failing


def test_a_slow_receiver_holds_up_nobody(app: Flask, hook: Webhook, receiver: Receiver) -> None:
    slow = threading.Event()
    receiver.meanwhile = lambda: slow.wait(8) and None
    for _number in range(slots.AT_ONCE * 2):
        happen()
    crew = Crew(app, slots.AT_ONCE + 2)
    app.extensions["frontdesk_crew"] = crew
    try:
        effects.run("event", 0)
        assert within(5, lambda: len(receiver.calls) == slots.AT_ONCE)
        other = add_hook(receiver.url, event_types=["ARTICLE_PUBLISHED"])
        happen("ARTICLE_PUBLISHED")
        change(Webhook, url="http://127.0.0.1:9/")  # from here on the other one answers (or refuses) at once
        publish()
        mine = next(row.id for row in tries() if row.webhook_id == other.id)
        started = time.monotonic()
        effects.run("delivery", mine)
        while next(row for row in tries() if row.id == mine).done_at is None:
            assert time.monotonic() - started < 7
            time.sleep(0.05)
        assert len(receiver.calls) == slots.AT_ONCE
    finally:
        slow.set()
        assert crew.rest(10)
        del app.extensions["frontdesk_crew"]


def test_a_failure_of_our_own_is_told_put_off_and_parked(hook: Webhook, receiver: Receiver) -> None:
    change(Webhook, secret=Vault("another key than the one of this desk").seal("whsec_x", SEALED))
    happen()
    publish()
    [row] = tries()
    effects.run("delivery", row.id)
    [row] = tries()
    assert row.state is State.WAITING
    assert row.due_at > now()
    assert row.error.startswith("UnknownKey: ")
    assert receiver.calls == []
    change(Delivery, lease_count=lease.MOST - 1, due_at=now())
    effects.run("delivery", row.id)
    assert tries()[0].state is State.PARKED


def test_a_parked_delivery_is_sent_when_a_person_asks(hook: Webhook, receiver: Receiver) -> None:
    happen()
    publish()
    change(Delivery, state=State.PARKED, lease_count=lease.MOST)
    with unit() as session:
        deliveries.replay(session, SYSTEM, session.scalars(select(Delivery)).one())
    effects.run("delivery", tries()[0].id)
    assert [row.state for row in tries()] == [State.DONE]


def test_a_replay_is_a_new_try_and_the_queue_is_told(hook: Webhook, receiver: Receiver) -> None:
    happen()
    effects.run("event", 0)
    with unit() as session:
        again = deliveries.replay(session, SYSTEM, session.scalars(select(Delivery)).one())
    assert redis().llen("rq:queue:effects") == 1
    effects.run("delivery", again.id)
    assert [(row.attempt, row.state) for row in tries()] == [(1, State.DONE), (2, State.DONE)]
    assert receiver.calls[0].body == receiver.calls[1].body


def test_a_replay_brings_a_waiting_try_forward(hook: Webhook, receiver: Receiver) -> None:
    receiver.status = 500
    happen()
    effects.run("event", 0)
    with unit() as session:
        first = session.scalars(select(Delivery).order_by(Delivery.id)).first()
        deliveries.replay(session, SYSTEM, first)
    assert [row.attempt for row in tries()] == [1, 2]
    assert tries()[1].due_at <= now()
