"""A large process becomes a small one that watches its children, and the large one again to replace them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.launch import watch
from tests.processes import children, within

ROOT = Path(__file__).resolve().parents[2]
FORKING = """
import os, sys, time
from app.launch import watch

watch.hold_signals()
time.sleep(float(sys.argv[1]))  # it loads
living = watch.running()
while len(living) < 2:
    child = os.fork()
    if not child:
        watch.release_signals()
        time.sleep(float(sys.argv[2]))
        sys.exit()
    living.append(child)
watch.become_watcher(living)
"""


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[bytes]]]:
    begun: list[subprocess.Popen[bytes]] = []
    yield begun
    for process in begun:
        for pid in [*children(process.pid), process.pid]:
            os.kill(pid, signal.SIGKILL)
        process.wait()


def fork(tmp_path: Path, started: list[subprocess.Popen[bytes]], loads: float, lives: float) -> int:
    program = tmp_path / "forking.py"
    program.write_text(FORKING)
    with (tmp_path / "output.txt").open("w") as output:
        process = subprocess.Popen(
            [sys.executable, str(program), str(loads), str(lives)],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
            stdout=output,
        )
    started.append(process)
    return process.pid


def watches(pid: int) -> bool:
    return "app.launch.watch" in Path(f"/proc/{pid}/cmdline").read_text() and len(children(pid)) == 2


def test_one_that_ended_is_replaced_beside_the_other(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    pid = fork(tmp_path, started, loads=0, lives=600)
    assert within(60, lambda: watches(pid))
    first, second = children(pid)
    time.sleep(watch.TOO_SOON)
    os.kill(first, signal.SIGKILL)
    assert within(60, lambda: first not in children(pid) and watches(pid))
    assert second in children(pid)
    assert len(children(pid)) == 2


def test_a_signal_that_comes_while_it_loads_ends_it(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    pid = fork(tmp_path, started, loads=1, lives=600)
    assert within(60, lambda: signal.SIGTERM in _blocked(pid))
    os.kill(pid, signal.SIGTERM)
    assert started.pop().wait(60) == 0
    assert children(pid) == []


def test_those_that_end_at_once_are_not_forked_again_and_again(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    fork(tmp_path, started, loads=0, lives=0)
    assert started.pop().wait(60) == 1
    assert (tmp_path / "output.txt").read_text() == "A web process ends as soon as it begins.\n"


def test_the_end_waits_for_the_polite_and_not_for_the_stubborn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "GRACE", 0.5)
    polite, stubborn = (
        subprocess.Popen(
            ["sh", "-c", f"trap '{how}' TERM; echo; while :; do sleep 0.1; done"], stdout=subprocess.PIPE
        )
        for how in ("exit 3", "")
    )
    for process in (polite, stubborn):
        assert process.stdout
        process.stdout.readline()  # its trap is set
        process.stdout.close()
    watch.stop([polite.pid, stubborn.pid])
    assert polite.wait() == 0  # nobody knows any more: `stop` has asked
    assert stubborn.wait(60) == -signal.SIGKILL


def _blocked(pid: int) -> set[int]:
    """The signals that a process lets wait."""
    mask = Path(f"/proc/{pid}/status").read_text().partition("SigBlk:")[2].split()[0]
    return {number for number in range(1, 65) if int(mask, 16) >> (number - 1) & 1}
