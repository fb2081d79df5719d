"""Webhooks: how many deliveries one worker process makes in a second, and how soon the first try comes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.access import SYSTEM
from app.core.extensions import db, enqueue, redis
from app.jobs.unit import unit
from app.models.tickets import Ticket
from app.models.webhooks import Event
from app.record import emit
from app.services import webhooks
from bench.cluster import Place, copied
from bench.data import application
from bench.meter import cpu
from bench.receiver import Receiver, receiving
from bench.report import FIGURES, Table, at_least, at_most
from bench.web import kept, process

TITLE = "Webhooks"
WORKER = ["-m", "flask", "--app", "app", "worker", "effects"]
Measure = Callable[[Place, Receiver, int], Any]
BURST, PATIENCE = 1500, 120.0
FEWEST, RATE, SECONDS, LATEST = 200, 50, 10, 2.0


@dataclass(frozen=True)
class Trip:
    """How a burst of deliveries went."""

    rate: float
    cpu: float
    """CPU milliseconds of the worker a delivery."""


def run(places: list[Place]) -> list[Table]:
    """Measure a burst to one receiver, one to four, and a steady flow."""
    one, four = (_on_a_copy(places[0], receivers, _burst) for receivers in (1, 4))
    late = _on_a_copy(places[0], 1, _steady)
    last = statistics.quantiles(late, n=100)[-1]
    middle = f" (p50 {statistics.median(late) * 1000:.0f} ms)"
    form, cost = "{:.0f} a second", " ({:.1f} ms CPU of the worker each)"
    rows = [
        at_least("deliveries to one receiver", one.rate, FEWEST, form, cost.format(one.cpu)),
        at_least("deliveries to four receivers", four.rate, FEWEST, form, cost.format(four.cpu)),
        at_most(f"p99 from commit to first try, {RATE} events a second", last, LATEST, "{:.2f} s", middle),
    ]
    return [Table("One worker process", FIGURES, rows)]


def _on_a_copy(place: Place, receivers: int, measure: Measure) -> Any:
    with copied(place, "webhooks") as copy, receiving() as receiver, application(copy).app_context():
        redis().flushdb()
        with unit() as session:
            for number in range(receivers):
                webhooks.add(session, SYSTEM, {"url": receiver.url(number), "event_types": ["*"]})
        found = measure(copy, receiver, receivers)
        db.engine.dispose()
        return found


def _burst(place: Place, receiver: Receiver, receivers: int) -> Trip:
    """Let all events be due before the worker starts; count from the first arrival to the last."""
    count = BURST // receivers
    _happen(count, tell=False)
    with process(WORKER, place.environment | kept()) as worker:
        _wait(lambda: cpu(worker.pid) > 0.5)
        enqueue([("event", _newest())])
        _wait(lambda: len(receiver.arrived) > 10)
        before, seen, started = cpu(worker.pid), len(receiver.arrived), time.perf_counter()
        _wait(lambda: len(receiver.arrived) >= count * receivers)
        done = count * receivers - seen
        seconds, spent = time.perf_counter() - started, cpu(worker.pid) - before
    return Trip(done / seconds, spent * 1000 / done)


def _steady(place: Place, receiver: Receiver, _receivers: int) -> list[float]:
    """Let events happen one by one, told to the queue after each commit; return the seconds of each."""
    committed = {}
    with process(WORKER, place.environment | kept()):
        _wait_for_worker(receiver)
        started = time.time()
        for number in range(RATE * SECONDS):
            time.sleep(max(0.0, started + number / RATE - time.time()))
            key = _happen(1, tell=True)
            committed[f"/0 evt_{key}"] = time.time()
        _wait(lambda: committed.keys() <= receiver.arrived.keys())
    return [max(0.0, receiver.arrived[key] - moment) for key, moment in committed.items()]


def _wait_for_worker(receiver: Receiver) -> None:
    _happen(1, tell=True)
    _wait(lambda: receiver.arrived)


def _happen(count: int, *, tell: bool) -> int:
    """Let a ticket be told of so many times in one commit; return the newest event's number."""
    with unit() as session:
        ticket = session.scalars(select(Ticket).limit(1)).one()
        for _ in range(count):
            emit(session, "TICKET_UPDATED", ticket, {})
        session.flush()
        if not tell:
            session.info.pop("effects", None)
        return session.scalar(select(func.max(Event.id))) or 0


def _newest() -> int:
    with unit() as session:
        return session.scalar(select(func.max(Event.id))) or 0


def _wait(condition: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            raise RuntimeError("The worker does not deliver.")
        time.sleep(0.005)
