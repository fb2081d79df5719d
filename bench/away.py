"""What is slower while Redis is away: pages and calls beside a desk that has its Redis, asked in turns.

Redis can be away in two ways: nobody listens, which is told at once, and somebody listens who never answers.
"""

from __future__ import annotations

import socket
import statistics
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from app.demo.people import PASSWORD
from app.launch.console import step
from bench.cases import Case, cases
from bench.client import Client
from bench.cluster import Place, copied
from bench.report import Table, met, milliseconds
from bench.sample import sample_of
from bench.web import free_port, serving

TITLE = "While Redis is away"
ASKED = ("Open tickets, generated list", "Ticket in the inbox, with conversation, history and context")
MOST = 1.2
"""How many times as slow the 95th percentile may be."""
WARM, TURNS = 8, 150
THERE, REFUSING, SILENT = "with Redis", "nobody listens", "nobody answers"

HEADER = ("request", "Redis", "p50 ms", "p95 ms", "times the p95", "target", "met")


def run(places: list[Place]) -> list[Table]:
    """Measure at the smallest size."""
    place = min(places, key=lambda one: one.tickets)
    with step("While Redis is away"), ExitStack() as stack:
        ours = stack.enter_context(copied(place, "away"))
        silent = stack.enter_context(_silence())
        urls = {THERE: None, REFUSING: free_port(), SILENT: silent}
        people = {}
        for name, port in urls.items():
            changed = {"REDIS_URL": f"redis://127.0.0.1:{port}/0"} if port else {}
            web = stack.enter_context(serving(ours, settings=ours.environment | changed))
            people[name] = _people(web.address)
        asked = [case for case in cases(sample_of(ours)) if case.name in ASKED]
        rows = [row for case in asked for row in _rows(case, people)]
    return [Table(f"{place.tickets:,} tickets", HEADER, rows)]


def _people(address: str) -> Mapping[str, Client]:
    return {
        name: Client(address).sign_in("/login/", email=f"{name}@example.com", password=PASSWORD)
        for name in ("admin", "supervisor")
    }


def _rows(case: Case, people: Mapping[str, Mapping[str, Client]]) -> Iterator[tuple[str, ...]]:
    """Ask each desk in turns: what else the machine does troubles all alike."""
    times: dict[str, list[float]] = {name: [] for name in people}
    clients = {name: known[case.who].again() for name, known in people.items()}
    for number in range(-WARM, TURNS):
        for name, client in clients.items():
            started = time.perf_counter()
            client.ask(case.ask(max(number, 0)))
            if number >= 0:
                times[name].append((time.perf_counter() - started) * 1000)
    slow = {name: statistics.quantiles(taken, n=20, method="inclusive")[-1] for name, taken in times.items()}
    for name, taken in times.items():
        ratio = slow[name] / slow[THERE]
        told = ("–", "–", "–") if name == THERE else (f"{ratio:.2f}", f"≤ {MOST:g}", met([(ratio, MOST)]))
        median = milliseconds(statistics.median(taken))
        yield (case.name, name, median, milliseconds(slow[name]), *told)


@contextmanager
def _silence() -> Iterator[int]:
    """Give the port of a server that takes calls and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        yield int(listening.getsockname()[1])
