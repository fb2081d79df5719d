"""What is done to the program while it works. Each takes so many seconds, where that makes sense."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping

from tests.faults.desk import BACKGROUND, Desk, kill
from tests.processes import children

BETWEEN = 2.0
"""Seconds between two blows of the same kind."""

Harm = Callable[[Desk, float], None]


def workers(desk: Desk, seconds: float) -> None:
    _again_and_again(lambda: kill(desk.processes("worker effects")), seconds)


def schedule(desk: Desk, _seconds: float) -> None:
    kill(desk.processes("schedule"))


def background(desk: Desk, _seconds: float) -> None:
    """Everything behind the pages at once: the process that holds workers and schedule."""
    kill(desk.processes(BACKGROUND))


def redis_killed(desk: Desk, _seconds: float) -> None:
    desk.redis.kill()
    desk.redis.start()


def redis_emptied(desk: Desk, seconds: float) -> None:
    _again_and_again(desk.redis.empty, seconds)


def redis_away(desk: Desk, seconds: float) -> None:
    desk.redis.kill()
    time.sleep(seconds)
    desk.redis.start()


def postgres(desk: Desk, _seconds: float) -> None:
    """An immediate shutdown, as after a lost machine; the program's own holder starts it again."""
    os.kill(desk.postgres(), signal.SIGQUIT)


def web(desk: Desk, _seconds: float) -> None:
    """All web processes and the server that holds them, at one blow."""
    servers = desk.processes("app.launch.web")
    kill([pid for server in servers for pid in children(server)] + servers)


HARMS: Mapping[str, Harm] = {
    "workers killed every 2 s": workers,
    "the schedule killed": schedule,
    "all behind the pages killed": background,
    "Redis killed": redis_killed,
    "Redis emptied every 2 s": redis_emptied,
    "no Redis": redis_away,
    "PostgreSQL down at once": postgres,
    "all of web killed": web,
}


def _again_and_again(blow: Callable[[], None], seconds: float) -> None:
    until = time.monotonic() + seconds
    while True:
        blow()
        if time.monotonic() + BETWEEN > until:
            return
        time.sleep(BETWEEN)
