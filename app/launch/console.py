"""What the two commands say: one line for a step, with the seconds it took."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator


class Failure(Exception):
    """The command cannot go on. The message says why and what to do about it."""


def say(text: str = "") -> None:
    """Print a line at once."""
    print(text, flush=True)


@contextlib.contextmanager
def step(title: str, quiet_below: float = 0) -> Iterator[None]:
    """Say what is being done, count the seconds on a terminal, and say how long it took.

    Nothing is said about a step that ends within `quiet_below` seconds.
    """
    started, ended = time.monotonic(), threading.Event()
    ticker = threading.Thread(target=_tick, args=(title, started, ended, quiet_below), daemon=True)
    ticker.start()
    done = False
    try:
        yield
        done = True
    finally:
        ended.set()
        ticker.join()
        seconds = time.monotonic() - started
        if seconds >= quiet_below or not done:
            say(f"{_line_start()}{'✓' if done else '✗'} {title} · {seconds:.1f} s")


def _tick(title: str, started: float, ended: threading.Event, quiet_below: float) -> None:
    """On a terminal one line counts up; elsewhere a line says now and then that work goes on."""
    live = sys.stdout.isatty()
    if ended.wait(quiet_below):
        return
    print(f"… {title}", end="" if live else "\n", flush=True)
    while not ended.wait(1 if live else 15):
        print(
            f"{_line_start()}… {title} · {time.monotonic() - started:.0f} s",
            end="" if live else "\n",
            flush=True,
        )


def _line_start() -> str:
    return "\r\033[K" if sys.stdout.isatty() else ""
