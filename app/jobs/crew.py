"""The threads of one worker process: effects side by side, so that a slow receiver holds up nobody."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask

log = logging.getLogger(__name__)

Task = Callable[[int], None]

LOOK = 0.5
"""Seconds between two looks whether the crew rests, while all threads are taken."""


class Crew:
    """A fixed number of threads. What they work on is leased, so that whatever is cut off is done again."""

    def __init__(self, app: Flask, size: int) -> None:
        self._app = app
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="crew")
        self._free = threading.BoundedSemaphore(size)
        self._size = size
        self.resting = threading.Event()

    def take(self, task: Task, row: int) -> None:
        """Give `task` to a thread, waiting until one is free: the queue then waits too, as it should.

        Once the crew rests the task is dropped: its row is still due, and another process will find it.
        """
        while not self.resting.is_set():
            if self._free.acquire(timeout=LOOK):
                self._pool.submit(self._do, task, row)
                return

    def offer(self, task: Task, row: int) -> bool:
        """Give `task` to a thread if one is free; tell whether one was."""
        if not self._free.acquire(blocking=False):
            return False
        self._pool.submit(self._do, task, row)
        return True

    def has_room(self) -> bool:
        """Tell whether a thread is free."""
        if free := self._free.acquire(blocking=False):
            self._free.release()
        return free

    def rest(self, seconds: float) -> bool:
        """Take nothing more, wait for what is under way at most `seconds`, and tell whether all ended."""
        self.resting.set()
        end = time.monotonic() + seconds
        ended = all(self._free.acquire(timeout=max(0, end - time.monotonic())) for _ in range(self._size))
        self._pool.shutdown(wait=False, cancel_futures=True)
        return ended

    def _do(self, task: Task, row: int) -> None:
        try:
            with self._app.app_context():
                task(row)
        except Exception:
            # Nobody waits for an answer. The row is still due, or leased and due again soon.
            log.exception("An effect was cut off.")
        finally:
            self._free.release()
