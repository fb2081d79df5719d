"""The supervisor on its own, with children that live for a moment."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from app.launch import supervisor
from app.launch.supervisor import Child, Supervisor, answers
from tests.processes import within

FOREVER = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"]


def supervise(*children: Child) -> tuple[Supervisor, list[str]]:
    said: list[str] = []
    made = Supervisor(list(children), said.append, lambda: None)
    made.start()
    return made, said


def test_what_ends_is_started_again_and_said() -> None:
    child = Child("worker", FOREVER)
    crew, said = supervise(child)
    assert child.process is not None
    first = child.process.pid
    child.process.kill()

    def is_back() -> bool:
        crew.tick()
        return child.process is not None and child.process.pid != first

    assert within(30, is_back)
    assert said == ["worker ended by signal 9; it is started again in 0.1 s"]
    crew.end()


def test_pauses_grow_to_a_limit_and_shrink_after_a_steady_life() -> None:
    child = Child("worker", FOREVER)
    pauses = []
    for _ in range(9):
        child.started = time.monotonic()
        child.plan_restart()
        pauses.append(child.pause)
    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]
    child.started = time.monotonic() - supervisor.STEADY - 1
    child.plan_restart()
    assert child.pause == 0.1


def test_the_end_is_the_end_even_of_a_stubborn_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "GRACE", 0.5)
    children = [Child("polite", FOREVER), Child("stubborn", STUBBORN)]
    crew, _ = supervise(*children)
    time.sleep(0.5)
    crew.end()
    assert [child.process.returncode for child in children if child.process] == [-15, -9]


def test_what_stops_answering_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "HEALTH_INTERVAL", 0.05)
    healthy = [True, True]
    monkeypatch.setattr(supervisor, "answers", lambda *_: bool(healthy) and healthy.pop())
    child = Child("web", STUBBORN)
    crew, said = supervise(child)
    assert child.process is not None
    first = child.process
    crew.watch_health("web", "http://127.0.0.1/healthz")

    def is_ended() -> bool:
        crew.tick()
        return first.poll() == -signal.SIGKILL

    assert within(30, is_ended)
    assert said[0] == "web does not answer; it is ended and started again"
    crew.stop()
    crew.end()


def test_a_server_that_never_answered_is_given_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "HEALTH_INTERVAL", 0.02)
    child = Child("web", FOREVER)
    crew, said = supervise(child)
    crew.watch_health("web", "http://127.0.0.1:9/healthz")
    time.sleep(0.5)
    crew.tick()
    assert child.is_running()
    assert said == []
    crew.stop()
    crew.end()


def test_only_200_counts_as_an_answer() -> None:
    assert not answers("http://127.0.0.1:9/healthz", 0.2)
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        port = server.stdout.readline().split("port ")[1].split()[0]
        assert answers(f"http://127.0.0.1:{port}/", 2)
        assert not answers(f"http://127.0.0.1:{port}/absent", 2)
        server.kill()
