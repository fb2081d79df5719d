"""Finds processes by their command line, for tests that kill them."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable


def found(*words: str) -> list[int]:
    """The processes whose name and command line hold all the words, this one excepted."""
    listing = subprocess.run(
        ["ps", "-eww", "-o", "pid=,comm=,args="], capture_output=True, text=True, check=True
    ).stdout
    lines = [line.split(maxsplit=1) for line in listing.splitlines()]
    return [
        int(line[0])
        for line in lines
        if len(line) > 1 and all(word in line[1] for word in words) and int(line[0]) != os.getpid()
    ]


def kill(*words: str) -> int:
    """Kill -9 the first process found; return its id."""
    pid = found(*words)[0]
    os.kill(pid, signal.SIGKILL)
    return pid


def within(seconds: float, condition: Callable[[], object]) -> bool:
    """Whether the condition becomes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def children(parent: int, *words: str) -> list[int]:
    """The processes a process started whose name and command line hold all the words, the oldest first."""
    listing = subprocess.run(
        ["ps", "-eww", "--sort=start_time", "-o", "pid=,ppid=,comm=,args="],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = [line.split(maxsplit=2) for line in listing.splitlines()]
    return [
        int(line[0])
        for line in lines
        if len(line) > 2 and int(line[1]) == parent and all(word in line[2] for word in words)
    ]
