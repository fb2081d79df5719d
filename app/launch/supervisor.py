"""Keeps a set of processes running: what dies is started again, what hangs is ended, all end together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

PARENT = "FRONTDESK_SUPERVISOR"
"""Names, to a child, the process it must not outlive."""

TICK = 0.1
KEEP_INTERVAL = 1.0
LONGEST_PAUSE = 10.0  # seconds between two starts of something that keeps failing
STEADY = 30.0  # seconds after which a process counts as healthy and pauses begin small again
WAIT = 15.0
GRACE = 10.0  # seconds to end politely
HEALTH_INTERVAL = 5.0
HEALTH_FAILURES = 3


class Process(Protocol):
    """What the supervisor asks of a process: `subprocess.Popen`, or one that was forked."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    def poll(self) -> int | None: ...

    def send_signal(self, number: int, /) -> None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def kill(self) -> None: ...


@dataclass
class Child:
    """One supervised process."""

    name: str
    command: Sequence[str]
    pause: float = 0.0
    started: float = 0.0
    start_at: float = 0.0
    waits: bool = False
    """Whether it leaves the machine to the others until they serve, at most for WAIT seconds."""
    process: Process | None = None

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        environment = {**os.environ, PARENT: str(os.getpid())}
        # A group of its own: Ctrl-C reaches the supervisor alone, which then ends all in order.
        self.process = subprocess.Popen(
            self.command, env=environment, stdin=subprocess.DEVNULL, process_group=0
        )
        self.started = time.monotonic()

    def plan_restart(self) -> None:
        """Wait a little longer after each quick death, and forget that after a steady life."""
        steady = time.monotonic() - self.started > STEADY
        self.pause = 0.1 if steady or not self.pause else min(self.pause * 2, LONGEST_PAUSE)
        self.start_at = time.monotonic() + self.pause
        self.process = None

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)


@dataclass
class Supervisor:
    """Runs `children` until it is told to stop.

    `say` reports what happens; `keep` is called every second and looks after what the children depend on.
    """

    children: list[Child]
    say: Callable[[str], None]
    keep: Callable[[], None]
    kept: float = 0.0
    stopping: bool = False
    _ailing: set[str] = field(default_factory=set)

    def start(self) -> None:
        """Start the children, those that wait a little later."""
        for child in self.children:
            if child.waits:
                child.start_at = time.monotonic() + WAIT
            else:
                child.start()

    def release(self) -> None:
        """Let those that wait start now."""
        for child in self.children:
            if child.process is None:
                child.start_at = 0.0

    def run(self) -> None:
        """Watch until `stop` is asked for, then end everything."""
        try:
            while not self.stopping:
                self.tick()
                time.sleep(TICK)
        finally:
            self.end()

    def tick(self) -> None:
        """Start again what has ended."""
        if time.monotonic() - self.kept > KEEP_INTERVAL:
            self.keep()
            self.kept = time.monotonic()
        for child in self.children:
            if child.name in self._ailing:
                self._ailing.discard(child.name)
                child.signal(signal.SIGKILL)
            elif child.process is None:
                self._start_when_due(child)
            elif not child.is_running():
                self._note_end(child)

    def watch_health(self, name: str, url: str) -> None:
        """End the child `name`, so that it is started again, when `url` stops answering after it once did."""
        threading.Thread(target=self._watch, args=(name, url), daemon=True).start()

    def stop(self, *_signal: object) -> None:
        """Ask for the end; a signal handler."""
        self.stopping = True

    def end(self) -> None:
        """End every child, politely first."""
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for child in self.children:
            if child.process is not None:
                _wait(child.process, deadline)

    def _start_when_due(self, child: Child) -> None:
        if time.monotonic() >= child.start_at:
            child.start()

    def _note_end(self, child: Child) -> None:
        code = (child.process and child.process.returncode) or 0
        how = f"by signal {-code}" if code < 0 else f"with status {code}"
        child.plan_restart()
        self.say(f"{child.name} ended {how}; it is started again in {child.pause:.1f} s")

    def _watch(self, name: str, url: str) -> None:
        failures, seen = 0, False
        while not self.stopping:
            healthy = answers(url, HEALTH_INTERVAL)
            seen = seen or healthy
            failures = 0 if healthy or not seen else failures + 1
            if failures == HEALTH_FAILURES:
                self.say(f"{name} does not answer; it is ended and started again")
                self._ailing.add(name)
                failures, seen = 0, False
            time.sleep(HEALTH_INTERVAL)


def answers(url: str, seconds: float) -> bool:
    """Whether `url` answers 200 within `seconds`."""
    address = urlsplit(url)
    request = f"GET {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((address.hostname, address.port), timeout=seconds) as connection:
            connection.settimeout(seconds)
            connection.sendall(request.encode())
            return connection.recv(12)[8:] == b" 200"
    except OSError:
        return False


def _wait(process: Process, deadline: float) -> None:
    try:
        process.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
