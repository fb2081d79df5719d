"""What Redis lost is found again, and nothing else is told twice."""

from __future__ import annotations

import datetime as dt

from app.core.clock import frozen, now
from app.core.extensions import queue, redis
from app.jobs import effects, lease, slots
from app.jobs.publish import publish
from app.jobs.sweep import FULL, sweep
from app.jobs.unit import unit
from app.models.effects import State
from app.models.webhooks import Delivery, Webhook
from tests.jobs.conftest import Receiver, add_hook, change, happen, tries

LATER = dt.timedelta(seconds=5)


def look() -> list[tuple[str, int]]:
    """Sweep a little later."""
    with frozen(now() + LATER), unit() as session:
        return sweep(session)


def test_what_a_flushed_redis_forgot_arrives(hook: Webhook, receiver: Receiver) -> None:
    event = happen()
    redis().flushdb()
    assert look() == [("event", event)]
    job = queue("effects").jobs[0]
    assert (job.func_name, job.args) == ("app.jobs.effects.run", ["event", event])
    publish()
    redis().flushdb()
    told = look()
    assert [kind for kind, _row in told] == ["delivery"]
    effects.run(*told[0])
    assert len(receiver.calls) == 1
    assert look() == []


def test_what_is_new_held_done_or_not_due_is_left_alone(hook: Webhook) -> None:
    happen()
    with unit() as session:
        assert sweep(session) == []
    publish()
    with unit() as session:
        slots.claim(session, hook.id)
    assert look() == []
    change(Delivery, leased_until=None, due_at=now() + dt.timedelta(hours=1))
    assert look() == []


def test_a_receiver_with_a_long_queue_hides_no_other(hook: Webhook, receiver: Receiver) -> None:
    for _number in range(slots.AT_ONCE * 3):
        happen()
    other = add_hook(receiver.url, event_types=["ARTICLE_PUBLISHED"])
    happen("ARTICLE_PUBLISHED")
    publish()
    found = {row for _kind, row in look()}
    by_hook = [row.webhook_id for row in tries() if row.id in found]
    assert (by_hook.count(hook.id), by_hook.count(other.id)) == (slots.AT_ONCE, 1)


def test_what_kills_its_holders_is_parked(hook: Webhook) -> None:
    happen()
    publish()
    change(Delivery, lease_count=lease.MOST, leased_until=now())
    assert look() == []
    [row] = tries()
    assert row.state is State.PARKED
    assert row.error


def test_a_full_queue_is_told_no_more(clean: None) -> None:
    happen()
    redis().rpush("rq:queue:effects", *range(FULL))
    assert look() == []
