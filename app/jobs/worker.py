"""A worker process: exactly one queue, whose jobs are taken one after the other until a signal says stop.

It does not fork (a fork costs about 20 ms, a job 3). What that gives up in safety, the leases give back. One
queue a process, because the queue's library loses jobs for good when a worker on two queues is killed.
"""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType
from typing import Any

from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer
from rq.worker import WorkerStatus

from app.jobs import effects, recurring  # noqa: F401  what jobs name is loaded before the first one
from app.jobs.crew import Crew
from app.jobs.pulse import Pulse
from app.jobs.queues import EFFECTS

log = logging.getLogger(__name__)

THREADS = 24
"""Effects side by side in one process: mostly waiting for receivers. The connection pool has more."""

TTL, MAINTENANCE = 60, 60
"""Seconds after which a silent worker counts as dead, and between two looks for what dead ones left."""

AGAIN = 1.0
"""Seconds before the queue is asked anew after Redis went away."""

PATIENCE = 5.0
"""Seconds that effects under way have to end when the process is told to stop; the rest is done again."""


class OneQueue(SimpleWorker):
    """The library's worker without its remote control, its signal handlers and its long waits for Redis."""

    max_connection_wait_time = 2.0
    log_job_description = False

    def subscribe(self) -> None:
        """Listen to no commands: nobody sends any, and the thread for it costs a second at the end."""

    def unsubscribe(self) -> None:
        """There is nothing to leave."""

    def _install_signal_handlers(self) -> None:
        """Signals are the process's business: it outlives a worker that lost Redis."""


class Worker:
    """Runs one worker after another on `name` (a new one whenever Redis came back) until told to stop."""

    def __init__(self, app: Flask, name: str) -> None:
        self._name = name
        # Connections of its own, which wait as long for a job as the library does. It would lengthen their
        # patience itself, but not that of one which is open already: that would give up, again and again.
        self._connection = Redis.from_url(app.config["REDIS_URL"], socket_timeout=TTL)
        self._crew = Crew(app, THREADS) if name == EFFECTS else None
        app.extensions["frontdesk_crew"] = self._crew
        self._pulse = Pulse(app.extensions["frontdesk_redis"], name)
        self._worker: OneQueue | None = None
        self._told = threading.Event()

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; then stop within seconds."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self._pulse.start()
        while not self._told.is_set():
            self._work()
            self._told.wait(AGAIN)
        self._pulse.stop()
        if self._crew is not None and not self._crew.rest(PATIENCE):
            log.warning("Some effects are cut off; they will be done again when their leases end.")

    def _work(self) -> None:
        try:
            queue = Queue(self._name, connection=self._connection, serializer=JSONSerializer)
            self._worker = OneQueue(
                [queue],
                connection=self._connection,
                serializer=JSONSerializer,
                worker_ttl=TTL,
                maintenance_interval=MAINTENANCE,
                log_job_description=False,
            )
            self._worker.work(logging_level="WARNING")
        except StopRequested:
            log.debug("Told to stop before the work began.")
        except RedisError:
            log.warning("Redis is away; the worker for %s waits for it.", self._name)
        finally:
            self._worker = None

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._told.set()
        if self._crew is not None:
            self._crew.resting.set()
        worker: Any = self._worker
        if worker is None:
            return
        worker._stop_requested = True
        # A job of the crew is handed over within milliseconds; any other is cut off, and resumes later.
        if self._crew is None or worker.get_state() != WorkerStatus.BUSY:
            raise StopRequested
