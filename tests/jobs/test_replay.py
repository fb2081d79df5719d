"""Events are sent to a webhook again: those that are meant, once more each, and nothing that is to come."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from app.access import SYSTEM
from app.core.clock import now
from app.core.errors import Conflict, Invalid
from app.jobs import long
from app.jobs import replay as replaying
from app.jobs.publish import publish
from app.jobs.unit import unit
from app.models.audit import AuditLog
from app.models.effects import State
from app.models.jobs import Job, JobState
from app.models.webhooks import Delivery, Event, Webhook
from app.services import jobs, replays
from app.services.replays import Standing, Wanted
from tests.jobs.conftest import Receiver, add_hook, change, happen, tries
from tests.jobs.test_deliver import deliver


def replay(hook: Webhook, **wanted: Any) -> Job:
    """Ask for a replay, by default of what failed, and let a worker do it."""
    with unit() as session:
        chosen = Wanted(**(wanted or {"state": Standing.FAILED}))
        job = replays.start(session, SYSTEM, session.get_one(Webhook, hook.id), chosen).id
    long.run(job)
    with unit() as session:
        return session.get_one(Job, job)


def test_what_failed_for_good_arrives_and_what_arrived_does_not_come_again(
    hook: Webhook, receiver: Receiver
) -> None:
    happen(number=1)
    deliver()
    receiver.status = 500
    missed = {happen(number=2), happen(number=3)}
    deliver()
    change(Delivery, attempt=Delivery.attempt + 20, due_at=now())
    deliver()  # beyond the last rung nothing is to come
    assert {row.state for row in tries()} == {State.DONE, State.FAILED}
    receiver.status, receiver.calls = 200, []
    replay(hook)
    deliver()
    assert {call.headers["webhook-id"] for call in receiver.calls} == {f"evt_{number}" for number in missed}
    assert len(receiver.calls) == 2
    with unit() as session:
        said = session.scalars(
            select(AuditLog.action_details).where(AuditLog.action_type == "WEBHOOK_REPLAY")
        ).all()
    assert (said[-1]["count"], said[-1]["state"]) == (2, "failed")
    with pytest.raises(Conflict):
        replay(hook)


def test_what_is_to_come_anyway_is_left_to_come(hook: Webhook, receiver: Receiver) -> None:
    receiver.status = 500
    happen()
    deliver()
    with pytest.raises(Conflict):
        replay(hook)
    assert len(tries()) == 2


def test_what_was_parked_comes_too_and_others_misses_do_not(hook: Webhook, receiver: Receiver) -> None:
    add_hook(receiver.url)
    happen()
    publish()
    change(Delivery, state=State.PARKED)
    replay(hook)
    deliver()
    assert len(receiver.calls) == 1


def test_one_that_is_off_is_not_told(hook: Webhook) -> None:
    change(Webhook, is_active=False)
    with pytest.raises(Conflict):
        replay(hook)


@pytest.fixture
def told(hook: Webhook, receiver: Receiver) -> list[int]:
    """Six events, an hour apart, of two types in turns; the last two were not delivered."""
    numbers = [happen(("TICKET_CREATED", "TICKET_UPDATED")[place % 2]) for place in range(6)]
    publish()
    with unit() as session:
        for place, number in enumerate(numbers):
            moment = NOON + dt.timedelta(hours=place)
            session.connection().execute(
                Event.__table__.update().where(Event.id == number).values(created_at=moment)
            )
            state = State.FAILED if place > 3 else State.DONE
            session.connection().execute(
                Delivery.__table__.update().where(Delivery.event_id == number).values(state=state)
            )
    return numbers


NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ({"event_types": ()}, [0, 1, 2, 3, 4, 5]),
        ({"since": NOON + dt.timedelta(hours=4)}, [4, 5]),
        ({"until": NOON + dt.timedelta(hours=2)}, [0, 1]),
        ({"since": NOON + dt.timedelta(hours=1), "until": NOON + dt.timedelta(hours=3)}, [1, 2]),
        ({"state": Standing.FAILED}, [4, 5]),
        ({"state": Standing.DONE}, [0, 1, 2, 3]),
        ({"event_types": ("TICKET_CREATED",)}, [0, 2, 4]),
        ({"event_types": ("TICKET_CREATED",), "state": Standing.FAILED}, [4]),
    ],
)
def test_what_is_meant_is_sent_again_once_each(
    hook: Webhook, receiver: Receiver, told: list[int], wanted: dict[str, Any], meant: list[int]
) -> None:
    job = replay(hook, **wanted)
    assert (job.state, job.total, job.done) == (JobState.DONE, len(meant), len(meant))
    deliver()
    assert [call.headers["webhook-id"] for call in receiver.calls] == [
        f"evt_{told[place]}" for place in meant
    ]


def test_a_replay_goes_on_in_batches_and_stops_when_it_is_told(
    hook: Webhook, told: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "MOST", 2)
    with unit() as session:
        job = replays.start(session, SYSTEM, session.get_one(Webhook, hook.id), Wanted()).id
    sent = replays.send_next

    def stopping(session: Any, *given: Any, **more: Any) -> list[int]:
        session.connection().execute(Job.__table__.update().values(cancel_requested=True))
        return sent(session, *given, **more)

    monkeypatch.setattr(replays, "send_next", stopping)
    long.run(job)
    with unit() as session:
        stopped = session.get_one(Job, job)
    assert (stopped.state, stopped.done, stopped.cursor) == (JobState.CANCELLED, 2, told[1])
    assert [row.event_id for row in tries() if row.attempt == 2] == told[:2]
    monkeypatch.undo()
    with unit() as session:
        jobs.retry(session, SYSTEM, session.get_one(Job, job))
    long.run(job)
    assert [row.event_id for row in tries() if row.attempt == 2] == told


def test_two_who_ask_for_the_same_send_it_once(hook: Webhook, told: list[int]) -> None:
    replay(hook, state=Standing.DONE)
    with pytest.raises(Conflict):
        replay(hook, state=Standing.DONE)
    assert [row.event_id for row in tries() if row.attempt == 2] == told[:4]


def test_a_job_ends_where_its_webhook_was_switched_off_meanwhile(hook: Webhook, told: list[int]) -> None:
    with unit() as session:
        job = replays.start(session, SYSTEM, session.get_one(Webhook, hook.id), Wanted()).id
    change(Webhook, is_active=False)
    long.run(job)
    with unit() as session:
        ended = session.get_one(Job, job)
    assert (ended.state, "switched off" in ended.error) == (JobState.FAILED, True)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"since": NOON, "until": NOON}, "until"),
        ({"event_types": ["TICKET_EATEN"]}, "event_types"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused_by_its_field(values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        Wanted.of(values)
    assert [error.field for error in refused.value.errors] == [field]


def test_a_choice_is_kept_by_a_job_as_it_was_made() -> None:
    made = Wanted(since=NOON, state=Standing.DONE, event_types=["TICKET_CREATED"])
    assert Wanted.from_json(made.as_json()) == made
    assert Wanted.from_json(Wanted().as_json()) == Wanted(event_types=[])
