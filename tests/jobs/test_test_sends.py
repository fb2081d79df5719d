"""A test is one real try whose outcome is answered at once, and of which nothing follows."""

from __future__ import annotations

import socket

import orjson
import pytest
from flask import Flask
from sqlalchemy import select
from standardwebhooks import Webhook as Verifier

from app.access import SYSTEM
from app.core.errors import Conflict
from app.jobs.publish import publish
from app.jobs.unit import unit
from app.models.audit import AuditLog
from app.models.effects import State
from app.models.webhooks import Delivery, Webhook
from app.services import webhooks
from tests.jobs.conftest import Receiver, add_hook, change, tries, webhook


def send_test() -> Delivery:
    with unit() as session:
        made = webhooks.test(session, SYSTEM, session.get_one(Webhook, webhook().id))
        session.flush()
        session.expunge(made)
        return made


def test_it_arrives_signed_and_is_marked(hook: Webhook, receiver: Receiver) -> None:
    made = send_test()
    [call] = receiver.calls
    said = Verifier(hook.shown_once).verify(call.body, call.headers)  # type: ignore[attr-defined]
    assert said["type"] == "WEBHOOK_TEST"
    assert said["data"]["object"]["url"] == receiver.url
    assert made.sent == call.body.decode()  # type: ignore[attr-defined]
    assert (made.is_test, made.state, made.response_code, made.response_excerpt) == (
        True,
        State.DONE,
        200,
        "ok",
    )
    assert made.request_headers["webhook-signature"] == call.headers["webhook-signature"]
    with unit() as session:
        actions = session.scalars(select(AuditLog.action_type).where(AuditLog.object_id == hook.id)).all()
    assert actions[-1] == "WEBHOOK_TEST"


def test_no_listener_hears_of_it_but_the_one_that_is_tested(hook: Webhook, receiver: Receiver) -> None:
    send_test()
    assert publish() == {}
    assert len(receiver.calls) == 1


@pytest.mark.parametrize("status", [302, 410, 500])
def test_a_failure_has_no_consequence(hook: Webhook, receiver: Receiver, status: int) -> None:
    receiver.status = status
    made = send_test()
    assert (made.state, made.response_code) == (State.FAILED, status)
    assert (len(tries()), webhook().failing_since, webhook().is_active) == (1, None, True)


def test_one_that_is_off_can_be_tested_before_it_is_on(hook: Webhook, receiver: Receiver) -> None:
    change(Webhook, is_active=False)
    assert send_test().response_code == 200


def test_a_receiver_that_is_not_there_is_told_in_words(clean: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    add_hook(f"http://127.0.0.1:{port}/")
    made = send_test()
    assert made.error is not None
    assert made.error.startswith("connect_failed: ")
    assert orjson.loads(made.sent)["type"] == "WEBHOOK_TEST"  # type: ignore[attr-defined]


def test_it_is_guarded_as_every_call(
    hook: Webhook, receiver: Receiver, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WEBHOOK_ALLOW_PRIVATE", value=False)
    assert str(send_test().error).startswith("port: ")
    assert receiver.calls == []


def test_a_secret_that_stays_shut_is_told(hook: Webhook, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "DATA_KEY", "another key, as long as it has to be")
    with pytest.raises(Conflict):
        send_test()
