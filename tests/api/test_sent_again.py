"""The same requests from many threads at once, by real connections: each is done once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import func, select

from app.core.extensions import db
from app.models.tickets import Ticket
from tests.api.conftest import Desk
from tests.program import Program
from tests.serving import served

REQUESTS, KEYS, THREADS = 1000, 20, 16


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
