"""Tests and new secrets by the API: the outcome is answered, the secret this once."""

from __future__ import annotations

import orjson

from app.jobs.unit import unit
from app.models.effects import State
from app.models.webhooks import Delivery, Event
from tests.api.conftest import Desk
from tests.api.test_document import document, validator
from tests.jobs.conftest import receiving

NOBODY = "http://127.0.0.1:9/"


def test_a_test_answers_what_came_of_it(desk: Desk) -> None:
    key = desk.key("manage_webhooks", "read_webhook_deliveries")
    with receiving() as receiver:
        receiver.status = 503
        values = {"url": receiver.url, "event_types": ["*"]}
        hook = desk.call("POST", "webhooks", key, json=values).json
        answer = desk.call("POST", f"webhooks/{hook['id']}/test", key)
    assert answer.status_code == 200, answer.text
    said, [call] = answer.json, receiver.calls
    assert said["is_test"]
    assert (said["state"], said["response_code"], said["response_excerpt"]) == ("failed", 503, "ok")
    assert said["request_body"] == call.body.decode()
    assert orjson.loads(call.body)["type"] == "WEBHOOK_TEST"
    assert said["request_headers"]["webhook-signature"] == call.headers["webhook-signature"]
    told = validator(document(desk, key), "DeliveryAdded")
    assert [*told.iter_errors(said)] == []


def test_a_new_secret_is_answered_once(desk: Desk) -> None:
    key = desk.key("manage_webhooks")
    hook = desk.call("POST", "webhooks", key, json={"url": "http://127.0.0.1:9/", "event_types": ["*"]}).json
    fresh = desk.call("POST", f"webhooks/{hook['id']}/new_secret", key)
    assert fresh.json["secret"].startswith("whsec_")
    assert fresh.json["secret"] != hook["secret"]
    assert fresh.json["previous_until"] is not None
    again = desk.call("GET", f"webhooks/{hook['id']}", key)
    assert "whsec_" not in again.text
    assert [*validator(document(desk, key), "WebhookAdded").iter_errors(fresh.json)] == []


def test_what_was_missed_is_sent_again_with_the_scope_only(desk: Desk) -> None:
    narrow, wide = desk.key("manage_webhooks"), desk.key("manage_webhooks", "replay")
    hook = desk.call(
        "POST", "webhooks", narrow, json={"url": "http://127.0.0.1:9/", "event_types": ["*"]}
    ).json
    refused = desk.call("POST", f"webhooks/{hook['id']}/replay_failed", narrow)
    assert (refused.status_code, "replay" in refused.text) == (403, True)
    assert desk.call("POST", f"webhooks/{hook['id']}/replay_failed", wide).status_code == 409


def test_a_choice_is_sent_again_by_a_job(desk: Desk) -> None:
    key = desk.key("manage_webhooks", "replay")
    hook = desk.call("POST", "webhooks", key, json={"url": NOBODY, "event_types": ["*"]}).json["id"]
    with desk.app.app_context(), unit() as session:
        event = Event(event_type="TICKET_UPDATED", object_table="tickets", object_id=1, payload={})
        session.add(event)
        session.flush()
        session.add(Delivery(webhook_id=hook, event_id=event.id, state=State.FAILED))
    path = f"webhooks/{hook}/replay"
    for body, status, field in (
        ({"since": "yesterday"}, 422, "since"),
        ({"since": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"}, 422, "until"),
        ({"state": "waiting"}, 422, "state"),
        ({"event_types": ["TICKET_EATEN"]}, 422, "event_types"),
        ({"url": "x"}, 400, "url"),
    ):
        refused = desk.call("POST", path, key, json=body)
        assert (refused.status_code, [one["field"] for one in refused.json["errors"]]) == (status, [field])
    assert desk.call("POST", path, key, json={"until": "2020-01-01T00:00:00Z"}).status_code == 409
    asked = {"since": "2020-01-01T00:00:00Z", "state": "failed", "event_types": ["TICKET_UPDATED"]}
    begun, again = (
        desk.call("POST", path, key, json=asked, headers={"Idempotency-Key": "once"}) for _time in range(2)
    )
    assert (begun.status_code, begun.json["total"], begun.json["kind"]) == (202, 1, "replay")
    assert begun.headers["Location"] == f"/api/v1/jobs/{begun.json['id']}"
    assert again.json == begun.json
    assert [*validator(document(desk, key), "Job").iter_errors(begun.json)] == []
