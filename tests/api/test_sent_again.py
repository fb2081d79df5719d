"""The same request sent again is done once: later, refused before, or from many threads at once."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core.clock import frozen, now
from app.core.extensions import db
from app.models.tickets import Ticket
from app.services import idempotency
from tests.api.conftest import TICKET, Desk, fields
from tests.program import Program
from tests.serving import served

REQUESTS, KEYS, THREADS = 1000, 20, 16


def test_a_request_sent_again_is_done_once(desk: Desk) -> None:
    headers = {"Idempotency-Key": "order-7"}
    first, second = (desk.call("POST", "tickets", json=TICKET, headers=headers) for _time in range(2))
    assert first.status_code == second.status_code == 201
    assert (first.data, first.headers["Location"]) == (second.data, second.headers["Location"])
    assert second.headers["ETag"] == first.headers["ETag"]
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    other = desk.call("POST", "tickets", json={**TICKET, "title": "Other"}, headers=headers)
    assert (other.status_code, fields(other)) == (422, ["Idempotency-Key"])
    assert desk.call("POST", "teams", json=TICKET, headers=headers).status_code == 422
    someone = desk.call("POST", "tickets", "agent", json=TICKET, headers=headers)
    assert someone.status_code == 201
    assert someone.json["id"] != first.json["id"]


def test_a_key_is_forgotten_after_a_day(desk: Desk) -> None:
    headers = {"Idempotency-Key": "yesterday's"}
    with frozen(now() - dt.timedelta(hours=25)), desk.app.test_request_context():
        session = db.session()
        claimed = idempotency.claim(session, f"employee:{desk.ids['admin']}", "yesterday's", "other")
        idempotency.keep(session, claimed, idempotency.Kept(201, {}, b"{}"))
        session.commit()
    made = desk.call("POST", "tickets", json=TICKET, headers=headers)
    assert made.status_code == 201
    assert made.json["title"] == TICKET["title"]


def test_a_refused_request_may_be_tried_again_with_its_key(desk: Desk) -> None:
    headers = {"Idempotency-Key": "refused"}
    assert desk.call("POST", "tickets", json={**TICKET, "title": ""}, headers=headers).status_code == 422
    assert desk.call("POST", "tickets", json=TICKET, headers=headers).status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "x" * 201, "ü"])
def test_a_key_of_a_wrong_form_is_refused(desk: Desk, key: str) -> None:
    answer = desk.call("POST", "tickets", json=TICKET, headers={"Idempotency-Key": key})
    assert (answer.status_code, fields(answer)) == (400, ["Idempotency-Key"])


def test_requests_sent_at_once_are_done_once(desk: Desk) -> None:
    def send(_number: int) -> Any:
        client = desk.app.test_client()
        headers = {
            "Authorization": f"Bearer {desk.tokens['admin']}",
            "Idempotency-Key": "once",
        }
        return client.post("/api/v1/tickets", json={**TICKET, "title": "At once"}, headers=headers)

    with ThreadPoolExecutor(4) as threads:
        answers = [*threads.map(send, range(8))]
    assert {one.status_code for one in answers} == {201}
    assert len({one.data for one in answers}) == 1
    assert desk.call("GET", "tickets?title=At once&total=1").json["total"] == 1


def test_a_thousand_creates_with_twenty_keys_make_twenty_tickets(desk: Desk) -> None:
    secret = desk.key("create_tickets")
    with served(desk.app) as address, ThreadPoolExecutor(THREADS) as pool:
        there = Program({}, Path(), port=int(address.rsplit(":", 1)[1]))

        def create(number: int) -> tuple[int, int, int]:
            key = number % KEYS
            body = {"email": "again@example.com", "title": f"Again {key}", "description": "x"}
            said = {"Authorization": f"Bearer {secret}", "Idempotency-Key": f"k{key}"}
            answer = there.ask("POST", "/api/v1/tickets", body, **said)
            return key, answer.status, answer.json["id"]

        answers = list(pool.map(create, range(REQUESTS)))
    assert {status for _key, status, _ticket in answers} == {201}
    assert len({(key, ticket) for key, _status, ticket in answers}) == KEYS, "a key always means one ticket"
    with desk.app.app_context():
        written = select(func.count()).select_from(Ticket).where(Ticket.title.like("Again %"))
        assert db.session().scalar(written) == KEYS
