"""Creates sent again at once: 1,000 requests with 20 idempotency keys to the web server make 20 tickets."""

from __future__ import annotations

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from app import services
from app.access import SYSTEM
from app.core.extensions import db, redis
from app.jobs.unit import unit
from app.models.keys import ApiKey
from app.models.tickets import Ticket
from bench.client import Client, Request
from bench.cluster import Place, copied
from bench.data import application
from bench.report import FIGURES, Table, at_least, at_most, only_told
from bench.web import serving

TITLE = "The same request again"
REQUESTS, KEYS, THREADS = 1000, 20, 16
TICKET = {
    "email": "again@example.com",
    "description": "Sent by many at once.",
    "category": "technical support",
}


def run(places: list[Place]) -> list[Table]:
    """Send them, and count answers and tickets."""
    with copied(places[0], "idempotency") as copy, application(copy).app_context():
        redis().flushdb()
        said = f"again-{time.time_ns()}-"
        with serving(copy) as web:
            seconds, meant = _sent(Client(web.address, {"Authorization": f"Bearer {_key()}"}), said)
        with unit() as session:
            tickets = session.scalar(select(func.count()).where(Ticket.title.startswith(said))) or 0
        db.engine.dispose()
    rows = [
        at_most("tickets made", tickets, KEYS, "{:.0f}"),
        at_least("tickets made, at least", tickets, KEYS, "{:.0f}"),
        at_most("tickets that one key was answered with, at most", max(meant.values()), 1, "{:.0f}"),
        only_told("answers a second", REQUESTS / seconds, "{:.0f}"),
    ]
    return [Table(f"{REQUESTS:,} creates with {KEYS} keys by {THREADS} connections", FIGURES, rows)]


def _sent(client: Client, said: str) -> tuple[float, Counter[int]]:
    """Send all requests; return the seconds, and how many tickets each key was answered with."""

    def send(first: int) -> set[tuple[int, int]]:
        own, found = client.again(), set()
        for number in range(first, REQUESTS, THREADS):
            key = number % KEYS
            own.headers = client.headers | {"Idempotency-Key": f"{said}{key}"}
            body = {**TICKET, "title": f"{said}{key}"}
            answer = own.ask(Request("/api/v1/tickets", "POST", body, expected=201))
            found.add((key, json.loads(answer)["id"]))
        return found

    started = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        pairs = set().union(*pool.map(send, range(THREADS)))
    return time.perf_counter() - started, Counter(key for key, _ticket in pairs)


def _key() -> str:
    """Return a new key that may call as often as it likes."""
    values = {"description": "bench", "permissions": ["create_tickets"], "rate_limit": 60_000}
    with unit() as session:
        made: str = services.add(session, SYSTEM, ApiKey, values).shown_once
        return made
