"""Start and memory: loading the program, the first answer, and what the processes hold when they begin."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench import stock
from bench.cluster import FOLDER, ROOT, Place, copied
from bench.meter import Memory, memory
from bench.report import FIGURES, Table, at_most, only_told
from bench.web import PEER, free_port, kept, process, serving

TITLE = "Start and memory"

SETTLING = 5.0

LOAD = """
import json, os, sys, time
from app.core import late
late.install()  # as the factory does
started = time.process_time()
import app.launch.web
import config
from sqlalchemy import event
from sqlalchemy.engine import Engine
from app import create_app
settings, asked = config.settings(os.environ), []
event.listen(Engine, "before_cursor_execute", lambda *words: asked.append(words[2]))
from app import cli, models, views
from app.generate import console, rest, screens
imported = time.process_time()
create_app(settings)
made = time.process_time()
print(json.dumps({"import": imported - started, "create": made - imported, "statements": len(asked)}))
"""
"""Run in a fresh process: what importing and making the application cost it."""


def run(places: list[Place]) -> list[Table]:
    """Measure on the smallest size; a start does not look at rows."""
    with copied(places[0], "starting") as place:
        loads = [_load(place) for _ in range(3)]
        with serving(place) as web:
            held, seconds = _settled(web.pid), web.seconds
        with serving(place, PEER, stock.environment(place)) as web:
            peer = _settled(web.pid)
    best = {name: min(load[name] for load in loads) for name in loads[0]}
    whole, again = _whole()
    rows = [
        at_most("importing the web process", best["import"], 1.5, "{:.2f} s CPU"),
        at_most("`create_app`", best["create"], 0.6, "{:.2f} s CPU"),
        at_most("`create_app`", best["statements"], 0, "{:.0f} statements"),
        only_told("web: first answer after the start of its process", seconds, "{:.1f} s"),
        only_told("everything, second start: until it says that it runs", again, "{:.1f} s"),
        at_most(
            "memory of web: two processes and their parent", held.resident, 250, "{:.0f} MiB RSS", _pss(held)
        ),
        only_told(
            "the same of stock Flask-AppBuilder with three views",
            peer.resident,
            "{:.0f} MiB RSS" + _pss(peer),
        ),
        only_told(
            "times as much as stock", held.resident / peer.resident, "{:.2f} × RSS" + _times(held, peer)
        ),
        at_most(
            "memory of everything, PostgreSQL and Redis included", whole.proportional, 450, "{:.0f} MiB PSS"
        ),
    ]
    return [Table("At start", FIGURES, rows, NOTE)]


NOTE = "RSS counts a page that processes share once for each of them, PSS once in all."


def _load(place: Place) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", LOAD],
        cwd=ROOT,
        env=kept() | place.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _whole() -> tuple[Memory, float]:
    """Return what everything holds at a second start with the demo desk, and the seconds until it runs."""
    with _everything():
        pass
    with _everything() as (pid, seconds):
        return _settled(pid), seconds


@contextmanager
def _everything() -> Iterator[tuple[int, float]]:
    said, started = FOLDER / "output.txt", time.monotonic()
    before = said.stat().st_size if said.exists() else 0
    settings = {"DATA_DIR": str(FOLDER / "stack"), "PORT": str(free_port())}
    with process(["run.py"], kept() | settings) as running:
        while "Ctrl-C stops it" not in said.read_text(errors="replace")[before:]:
            if running.poll() is not None:
                raise RuntimeError(f"It does not start; {said} may say why.")
            time.sleep(0.05)
        seconds = time.monotonic() - started
        yield running.pid, seconds


def _settled(pid: int) -> Memory:
    """Return what a program holds once all its processes have started: some do after the first answer."""
    time.sleep(SETTLING)
    return memory(pid)


def _pss(held: Memory) -> str:
    return f" ({held.proportional:.0f} MiB PSS)"


def _times(held: Memory, peer: Memory) -> str:
    return f" ({held.proportional / peer.proportional:.2f} × PSS)"
