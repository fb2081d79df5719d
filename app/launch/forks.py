"""A process forked from this one instead of started anew: it shares the memory of what is loaded already."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from app.embedded import kernel
from app.launch.supervisor import Child

_FORK = multiprocessing.get_context("fork")


class Fork:
    """Does `task` in a process called `name`. To be watched like one of `subprocess`."""

    def __init__(self, name: str, task: Callable[[], None]) -> None:
        self._process = _FORK.Process(target=_begin, args=(name, task, os.getpid()))
        self._process.start()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self._process.kill()

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end. Raises TimeoutExpired."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return self._process.exitcode


@dataclass
class Forked(Child):
    """A supervised process that is forked; `command` is not used."""

    task: Callable[[], None] = field(kw_only=True)

    def start(self) -> None:
        self.process = Fork(self.name, self.task)
        self.started = time.monotonic()


def _begin(name: str, task: Callable[[], None], parent: int) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)  # the supervisor's own are not this process's
    kernel.die_with_parent(parent)
    kernel.name_process(name)
    task()
