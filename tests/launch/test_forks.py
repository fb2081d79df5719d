"""A forked process is kept running and ended like one that was started anew."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from app.launch import supervisor
from app.launch.forks import Forked
from app.launch.supervisor import Supervisor
from tests.processes import within


def forever() -> None:
    time.sleep(600)


def stubborn() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)


def supervise(*children: Forked) -> tuple[Supervisor, list[str]]:
    said: list[str] = []
    made = Supervisor(list(children), said.append, lambda: None)
    made.start()
    return made, said


def name_of(child: Forked) -> str:
    assert child.process is not None
    return Path(f"/proc/{child.process.pid}/comm").read_text().strip()


def test_what_ends_is_forked_again_under_its_name() -> None:
    child = Forked("worker effects", (), task=forever)
    crew, said = supervise(child)
    assert child.process is not None
    first = child.process.pid
    assert within(30, lambda: name_of(child) == "worker effects")
    os.kill(first, signal.SIGKILL)

    def is_back() -> bool:
        crew.tick()
        return child.process is not None and child.process.pid != first

    assert within(30, is_back)
    assert said == ["worker effects ended by signal 9; it is started again in 0.1 s"]
    crew.end()


def test_the_end_is_the_end_even_of_a_stubborn_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "GRACE", 0.5)
    children = [Forked("polite", (), task=forever), Forked("stubborn", (), task=stubborn)]
    crew, _ = supervise(*children)
    assert within(30, lambda: [name_of(child) for child in children] == ["polite", "stubborn"])
    time.sleep(0.2)
    crew.end()
    assert [child.process.returncode for child in children if child.process] == [-15, -9]
