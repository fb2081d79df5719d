"""Tests and new secrets by the API: the outcome is answered, the secret this once."""

from __future__ import annotations

import orjson

from tests.api.conftest import Desk
from tests.api.test_document import document, validator
from tests.jobs.conftest import receiving


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
