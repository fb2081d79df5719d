"""What a receiver sees, and what is written down of it."""

from __future__ import annotations

import datetime as dt

import orjson
import pytest
from sqlalchemy import select
from standardwebhooks import Webhook as Verifier

from app.access import SYSTEM
from app.core.clock import frozen, now
from app.jobs import effects
from app.jobs.ladder import LADDER, next_due
from app.jobs.publish import publish
from app.jobs.unit import unit
from app.models.audit import AuditLog
from app.models.effects import State
from app.models.webhooks import Delivery, Webhook
from app.services import deliveries, webhooks
from tests.jobs.conftest import Call, Receiver, add_hook, change, happen, tries, webhook


def deliver() -> None:
    """Publish what is due and send it; then what is due of older tries."""
    effects.run("event", 0)
    for row in tries():
        effects.run("delivery", row.id)


def test_a_delivery_is_signed_by_the_standard(hook: Webhook, receiver: Receiver) -> None:
    event = happen(message="héllo 日本")
    deliver()
    call = receiver.calls[0]
    said = Verifier(hook.shown_once).verify(call.body, call.headers)  # type: ignore[attr-defined]
    assert said["type"] == "TICKET_UPDATED"
    assert said["data"]["message"] == "héllo 日本"
    assert said["sequence"] == event
    assert call.headers["webhook-id"] == f"evt_{event}"
    [row] = tries()
    assert (row.state, row.response_code, row.response_excerpt) == (State.DONE, 200, "ok")
    assert row.is_signed
    assert row.duration_ms >= 0


def test_without_a_secret_it_goes_unsigned_and_is_marked_so(clean: None, receiver: Receiver) -> None:
    add_hook(receiver.url, secret=None)
    happen()
    deliver()
    assert "webhook-signature" not in receiver.calls[0].headers
    assert not tries()[0].is_signed


def test_every_try_has_the_same_id_and_bytes_and_a_time_of_its_own(hook: Webhook, receiver: Receiver) -> None:
    receiver.status = 503
    happen(b=1, a=[{"z": None, "y": 0.1}])
    started = now()
    for later in (0, 60):
        with frozen(started + dt.timedelta(seconds=later)):
            deliver()
    first, second = receiver.calls
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    times = [int(call.headers["webhook-timestamp"]) for call in receiver.calls]
    assert times[1] - times[0] == 60
    verifier = Verifier(hook.shown_once)  # type: ignore[attr-defined]
    assert verifier.verify(first.body, first.headers) == orjson.loads(first.body)


def test_both_secrets_sign_for_a_day_after_a_change(hook: Webhook, receiver: Receiver) -> None:
    former = hook.shown_once  # type: ignore[attr-defined]
    changed = now()
    with unit() as session:
        kept = session.get_one(Webhook, hook.id)
        present = webhooks.new_secret(session, SYSTEM, kept).shown_once  # type: ignore[attr-defined]
    for hours, know in ((0, {former, present}), (23.9, {former, present}), (24.1, {present})):
        with frozen(changed + dt.timedelta(hours=hours)):
            happen()
            deliver()
        call = receiver.calls.pop()
        assert {secret for secret in (former, present) if is_genuine(secret, call)} == know
    with unit() as session, frozen(changed + dt.timedelta(hours=25)):
        assert webhooks.forget_former_secrets(session) == 1
    assert (webhook().previous_secret, webhook().previous_until) == (None, None)


def is_genuine(secret: str, call: Call) -> bool:
    """Ask the reference library, whatever the time is."""
    signed = {**call.headers, "webhook-timestamp": call.headers["webhook-timestamp"]}
    moment = dt.datetime.fromtimestamp(int(signed["webhook-timestamp"]), dt.UTC)
    told = Verifier(secret).sign(signed["webhook-id"], moment, call.body.decode())
    return told in signed["webhook-signature"].split(" ")


def test_what_was_sent_is_kept_without_the_secret(hook: Webhook, receiver: Receiver) -> None:
    happen(message="hello")
    deliver()
    [row], [call] = tries(), receiver.calls
    assert row.request_headers == {name: call.headers[name] for name in row.request_headers}
    assert {"webhook-id", "webhook-timestamp", "webhook-signature"} < set(row.request_headers)
    with unit() as session:
        headers, body = deliveries.figures(session, session.get_one(Delivery, row.id)).items
    assert (headers.value, body.value) == (row.request_headers, orjson.loads(call.body))


@pytest.mark.parametrize("status", [302, 400, 404, 429, 500, 503])
def test_a_failure_adds_the_next_try(hook: Webhook, receiver: Receiver, status: int) -> None:
    receiver.status, receiver.headers = status, {"location": receiver.url}
    happen()
    deliver()
    failed, waiting = tries()
    assert len(receiver.calls) == 1  # a redirect is not followed
    assert (failed.state, failed.response_code, failed.attempt) == (State.FAILED, status, 1)
    assert (waiting.state, waiting.attempt, waiting.event_id) == (State.WAITING, 2, failed.event_id)
    assert 7 < (waiting.due_at - failed.done_at).total_seconds() < 13
    assert webhook().failing_since is not None


def test_a_success_ends_the_failing(hook: Webhook, receiver: Receiver) -> None:
    receiver.status = 500
    happen()
    deliver()
    receiver.status = 204
    change(Delivery, due_at=now())
    deliver()
    assert [row.state for row in tries()] == [State.FAILED, State.DONE]
    assert webhook().failing_since is None


def test_nobody_listening_is_a_failure_too(clean: None) -> None:
    add_hook("http://127.0.0.1:9/")
    happen()
    deliver()
    assert tries()[0].error.startswith("connect_failed: ")
    assert tries()[0].response_code is None


def test_gone_switches_the_webhook_off_for_good(hook: Webhook, receiver: Receiver) -> None:
    receiver.status = 410
    happen()
    deliver()
    happen()
    deliver()
    assert len(receiver.calls) == 1
    assert len(tries()) == 1
    assert not webhook().is_active
    assert "410" in webhook().disabled_reason
    with unit() as session:
        actions = session.scalars(select(AuditLog.action_type).where(AuditLog.object_id == hook.id)).all()
    assert actions[-2:] == ["WEBHOOK_UPDATE", "WEBHOOK_DISABLE"]


@pytest.mark.parametrize(("days", "active"), [(4.9, True), (5.1, False)])
def test_five_days_of_failing_switch_it_off(
    hook: Webhook, receiver: Receiver, days: float, active: bool
) -> None:
    receiver.status = 500
    change(Webhook, failing_since=now() - dt.timedelta(days=days))
    happen()
    deliver()
    assert webhook().is_active is active
    assert len(tries()) == (2 if active else 1)


def test_what_waits_for_a_webhook_that_was_switched_off_is_not_sent(
    hook: Webhook, receiver: Receiver
) -> None:
    receiver.status = 500
    happen()
    deliver()
    change(Webhook, is_active=False)
    change(Delivery, due_at=now())
    deliver()
    assert len(receiver.calls) == 1
    assert [row.state for row in tries()] == [State.FAILED, State.FAILED]


def test_retry_after_is_honoured(hook: Webhook, receiver: Receiver) -> None:
    receiver.status, receiver.headers = 429, {"retry-after": "3600"}
    happen()
    deliver()
    failed, waiting = tries()
    assert 3590 < (waiting.due_at - failed.done_at).total_seconds() < 3610


@pytest.mark.parametrize(("attempt", "seconds"), list(enumerate(LADDER, start=1)))
def test_the_ladder(attempt: int, seconds: int) -> None:
    moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    with frozen(moment):
        waits = [(next_due(attempt) - moment).total_seconds() for _try in range(200)]  # type: ignore[operator]
    assert min(waits) >= seconds * 0.8
    assert max(waits) <= seconds * 1.2
    assert max(waits) - min(waits) > seconds * 0.2


def test_the_ladder_is_the_published_one_and_ends() -> None:
    assert LADDER == (10, 30, 300, 1800, 3600, 10800, 21600, 43200, 86400, 86400, 86400, 86400)
    assert next_due(12) is not None
    assert next_due(13) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("9" * 30, 86400),
        ("Thu, 01 Jan 2026 00:05:00 GMT", 300),
        ("soon", 12),
        ("-5", 12),
        ("", 12),
    ],
)
def test_retry_after_makes_the_wait_longer_within_a_day(header: str, seconds: int) -> None:
    moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    with frozen(moment):
        due = next_due(1, header)
    assert due is not None
    wait = (due - moment).total_seconds()
    assert (8 <= wait <= 12) if seconds == 12 else wait == seconds


def test_the_last_rung_is_the_end(hook: Webhook, receiver: Receiver) -> None:
    receiver.status = 500
    happen()
    publish()
    change(Delivery, attempt=len(LADDER) + 1)
    deliver()
    assert [row.state for row in tries()] == [State.FAILED]
