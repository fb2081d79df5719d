"""Several commands of this application, each in a process of its own, ending together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from types import FrameType


def each(commands: Iterable[list[str]]) -> int:
    """Run `commands` side by side until a signal (return 0) or until one ends by itself (return 1)."""
    children = [subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", *one]) for one in commands]
    told: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        told.append(number)
        _end(children)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    os.wait()
    _end(children)
    for child in children:
        child.wait()
    return 0 if told else 1


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
