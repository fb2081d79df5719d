"""The clockwork: one process looks every few seconds for what is due again, and for what the queue lost.

Several may run; an advisory lock lets one at a time do the work. PostgreSQL and Redis may come and go.
"""

from __future__ import annotations

import datetime as dt
import logging
import signal
import threading
from types import FrameType

from flask import Flask
from redis.exceptions import RedisError
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.extensions import queue, redis
from app.jobs.calls import keep_calls
from app.jobs.pulse import Pulse
from app.jobs.queues import BULK
from app.jobs.recurring import RECURRING, Recurring
from app.jobs.seal import seal
from app.jobs.sweep import sweep
from app.jobs.unit import unit
from app.models.system import Schedule

log = logging.getLogger(__name__)

EVERY = 3.0
"""Seconds between two looks."""

LOCK = 724002
"""The advisory lock of who looks."""

SCHEDULES = Schedule.__table__


class Clockwork:
    """The schedule process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._told = threading.Event()

    def run(self) -> None:
        """Look every few seconds until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        pulse = Pulse(redis(), "schedule")
        pulse.start()
        while not self._told.is_set():
            beat()
            self._told.wait(EVERY)
        pulse.stop()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._told.set()


def beat() -> None:
    """Do one look; whatever server is away is asked again at the next."""
    for work in (sweep, tick, keep_calls, seal):
        try:
            with unit() as session:
                if session.scalar(select(func.pg_try_advisory_xact_lock(LOCK))):
                    work(session)
        except (RedisError, SQLAlchemyError) as error:
            log.warning("A server is away: %s", str(error).splitlines()[0])
        except Exception:
            log.exception("%s failed.", work.__name__)


def tick(session: Session) -> list[str]:
    """Put the recurring work that is due into the queue, and return its names. Raises RedisError.

    The next time is written only if the queue took it, so nothing is left out while Redis is away.
    """
    known = {row.name: row for row in session.connection().execute(select(SCHEDULES))}
    started = []
    for work in RECURRING.values():
        row = known.get(work.name)
        if row is None or row.every_seconds != work.seconds or row.next_at <= now():
            _start(work)
            _write_next(session, work)
            started.append(work.name)
    return started


def _write_next(session: Session, work: Recurring) -> None:
    times = {"every_seconds": work.seconds, "next_at": now() + dt.timedelta(seconds=work.seconds)}
    statement = insert(SCHEDULES).values(name=work.name, **times)
    session.connection().execute(statement.on_conflict_do_update(index_elements=["name"], set_=times))


def _start(work: Recurring) -> None:
    queue(BULK).enqueue(
        "app.jobs.recurring.run",
        work.name,
        job_id=f"recurring-{work.name}-{int(now().timestamp())}",
        job_timeout=work.at_most,
        result_ttl=0,
        failure_ttl=3600,
    )
