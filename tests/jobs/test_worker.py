"""Real worker processes: killed, stopped, and without Redis."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.core.clock import now
from app.core.extensions import enqueue, queue, redis
from app.jobs.pulse import PREFIX
from app.jobs.queues import QUEUES
from app.jobs.schedule import beat
from app.jobs.unit import unit
from app.jobs.worker import TTL, OneQueue, Worker
from app.models.effects import State
from app.models.system import Schedule
from app.models.webhooks import Delivery, Webhook
from tests.jobs.conftest import Receiver, change, happen, tries
from tests.processes import within

ROOT = Path(__file__).resolve().parents[2]
Start = Callable[..., subprocess.Popen[bytes]]
PATIENCE = 90
"""Seconds a process may take on a busy machine; on an idle one it takes two."""
_LONG = dt.timedelta(seconds=5)


@pytest.fixture
def start(app: Flask, clean: None) -> Iterator[Start]:
    """Start a command of the application on the database and Redis of this module."""
    said = {
        "DATABASE_URL": app.config["DATABASE_URL"],
        "MIGRATE_DATABASE_URL": app.config["MIGRATE_DATABASE_URL"],
        "REDIS_URL": app.config["REDIS_URL"],
        "DATA_DIR": str(app.config["DATA_DIR"]),
        "WEBHOOK_ALLOW_PRIVATE": "1",
        "DEMO": "0",
    }
    running: list[subprocess.Popen[bytes]] = []

    def run(*words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "flask", "--app", "app", *words]
        running.append(subprocess.Popen(command, cwd=ROOT, env=os.environ | said))
        return running[-1]

    yield run
    for process in running:
        process.kill()
        process.wait()


def test_no_connection_of_a_worker_gives_up_while_it_waits_for_a_job(app: Flask) -> None:
    """One that is opened before the library takes over keeps the patience it began with."""
    with app.app_context():
        worker = Worker(app, "bulk")
        opened = worker._connection.connection_pool.get_connection()
        waits = OneQueue([queue("bulk")], connection=worker._connection, worker_ttl=TTL).dequeue_timeout
    assert opened.socket_timeout > waits
    opened.disconnect()


def living(role: str) -> int:
    """Return how many processes of a role say that they live."""
    return len(redis().keys(f"{PREFIX}{role}:*"))


def states() -> list[State]:
    return [row.state for row in tries()]


def test_a_worker_killed_in_the_midst_loses_nothing(start: Start, hook: Webhook, receiver: Receiver) -> None:
    never = threading.Event()
    receiver.meanwhile = lambda: never.wait(30) and None
    worker = start("worker", "effects")
    enqueue([("event", happen())])
    assert receiver.called.wait(PATIENCE)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert states() == [State.WAITING]
    receiver.meanwhile = lambda: None
    never.set()
    redis().flushdb()
    change(Delivery, leased_until=now(), due_at=now() - _LONG)  # as if the lease's 30 seconds were over
    start("worker", "effects")
    beat()
    assert within(PATIENCE, lambda: states() == [State.DONE])
    assert len(receiver.calls) == 2
    assert receiver.calls[0].body == receiver.calls[1].body
    assert tries()[0].lease_count == 2


def test_a_worker_stops_within_seconds_and_says_so(start: Start, hook: Webhook, receiver: Receiver) -> None:
    worker = start("worker", "effects")
    assert within(PATIENCE, lambda: living("effects") == 1)
    worker.terminate()
    assert worker.wait(8) == 0
    assert living("effects") == 0


def test_a_worker_told_to_stop_finishes_what_it_began(
    start: Start, hook: Webhook, receiver: Receiver
) -> None:
    receiver.delay = 1.5
    worker = start("worker", "effects")
    enqueue([("event", happen())])
    assert receiver.called.wait(PATIENCE)
    worker.terminate()
    assert worker.wait(8) == 0
    assert states() == [State.DONE]


def test_a_worker_outlives_a_redis_that_drops_everybody(
    start: Start, hook: Webhook, receiver: Receiver
) -> None:
    worker = start("worker", "effects")
    assert within(PATIENCE, lambda: living("effects") == 1)
    for _time in range(3):
        redis().execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        redis().flushdb()
    enqueue([("event", happen())])
    assert within(PATIENCE, lambda: states() == [State.DONE])
    assert worker.poll() is None


def test_without_a_name_each_queue_has_a_process_of_its_own(start: Start) -> None:
    workers = start("worker")
    assert within(PATIENCE, lambda: all(living(name) == 1 for name in QUEUES))
    workers.terminate()
    assert workers.wait(10) == 0
    assert not any(living(name) for name in QUEUES)


def test_the_schedule_starts_work_and_the_bulk_worker_does_it(start: Start) -> None:
    with unit() as session:
        session.connection().execute(Schedule.__table__.delete())
    schedule = start("schedule")
    start("worker", "bulk")
    assert within(PATIENCE, lambda: _done("sample_metrics"))
    assert queue("effects").count == 0
    schedule.terminate()
    assert schedule.wait(8) == 0


def _done(name: str) -> bool:
    with unit() as session:
        table = Schedule.__table__
        said = session.connection().scalar(
            table.select().with_only_columns(table.c.last_result).where(table.c.name == name)
        )
    return bool(said and said.endswith("values"))
