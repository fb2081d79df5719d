"""Watches the web processes, in a small process instead of the large one that forked them.

Web processes are forked from one that loaded the application: so they share its memory. That one has nothing
more to do than to wait, and would hold all it loaded for it. So it becomes this program (execve(2)): the same
process still, the parent of its children. When one of them ends, it becomes the large one again, which loads
the application, forks what is missing, and comes back here.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Sequence
from typing import NoReturn

from app.launch.console import say

RUNNING = "FRONTDESK_WEB_PROCESSES"
"""Names the processes that still run to the program that forks others."""

ENDING = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
AWAITED = ENDING | {signal.SIGCHLD}
GRACE = 8.0  # seconds for what is being answered; event streams never end by themselves
TOO_SOON = 2.0
"""Seconds: what ends within them after it was forked would do so again."""


def hold_signals() -> None:
    """Let signals wait, over every execve, until `watch` looks at them."""
    signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)


def release_signals() -> None:
    """Let signals through again, in a process that was forked: until it says otherwise, they end it."""
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, AWAITED)


def running() -> list[int]:
    """Return the processes that need not be forked again: all but those that ended; none at a start."""
    return [int(pid) for pid in os.environ.pop(RUNNING, "").split()]


def become_watcher(processes: Sequence[int]) -> NoReturn:
    """Let go of everything loaded and watch `processes`, children of this one."""
    again = [sys.executable, *sys.orig_argv[1:]]
    _become([sys.executable, "-m", "app.launch.watch", " ".join(map(str, processes)), *again])


def watch(processes: Sequence[int], command: list[str]) -> int:
    """Wait until told to stop; become `command`, which forks what is missing, when one of `processes` ends.

    Return the status to end with: 1 where one ended at once, so that whoever started this one waits a little.
    """
    began = time.monotonic()
    while not (ended := _ended(processes)):
        if signal.sigwait(AWAITED) in ENDING:
            stop(processes)
            return 0
    living = [pid for pid in processes if pid not in ended]
    if time.monotonic() - began < TOO_SOON:
        say("A web process ends as soon as it begins.")
        stop(living)
        return 1
    os.environ[RUNNING] = " ".join(map(str, living))
    return _become(command)


def stop(processes: Sequence[int]) -> None:
    """End them, politely first."""
    living, deadline = list(processes), time.monotonic() + GRACE
    for pid in living:
        os.kill(pid, signal.SIGTERM)
    while living and time.monotonic() < deadline:
        time.sleep(0.02)
        ended = _ended(living)
        living = [pid for pid in living if pid not in ended]
    for pid in living:
        os.kill(pid, signal.SIGKILL)


def _ended(processes: Sequence[int]) -> set[int]:
    """Those that ended meanwhile. Until they are asked for here, their numbers are given to no others."""
    return {pid for pid in processes if os.waitpid(pid, os.WNOHANG)[0]}


def _become(command: list[str]) -> NoReturn:
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    numbers, *command = sys.argv[1:]
    sys.exit(watch([int(pid) for pid in numbers.split()], command))
