"""What a webhook missed is sent again: each event once more, and nothing that arrived or is to come."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.access import SYSTEM
from app.core.clock import now
from app.core.errors import Conflict
from app.jobs.publish import publish
from app.jobs.unit import unit
from app.models.audit import AuditLog
from app.models.effects import State
from app.models.webhooks import Delivery, Webhook
from app.services import webhooks
from tests.jobs.conftest import Receiver, add_hook, change, happen, tries
from tests.jobs.test_deliver import deliver


def replay(hook: Webhook) -> None:
    with unit() as session:
        webhooks.replay_failed(session, SYSTEM, session.get_one(Webhook, hook.id))


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
            select(AuditLog.action_details).where(AuditLog.action_type == "WEBHOOK_REPLAY_FAILED")
        ).all()
    assert said[-1] == {"count": 2}
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
