"""Starts the web server as production does, with the product or the peer in it, and ends it."""

from __future__ import annotations

import functools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from app.embedded import kernel
from app.launch.console import say
from app.launch.supervisor import answers
from bench.cluster import FOLDER, ROOT, Place
from bench.meter import Meter

PATIENCE = 60.0
PRODUCT, PEER = "app.launch.web", "bench.stock"
HEALTH = {PRODUCT: "/healthz", PEER: "/login/"}


@dataclass(frozen=True)
class Web:
    """A web server that answers, and what looks at it."""

    address: str
    pid: int
    seconds: float
    """How long it took from the start of the process to the first answer."""
    meter: Meter


@contextmanager
def serving(place: Place, module: str = PRODUCT, settings: Mapping[str, str] | None = None) -> Iterator[Web]:
    """Run the web server of `module` on a free port of loopback while the block runs."""
    port = free_port()
    environment = {**kept(), **(settings or place.environment), "PORT": str(port)}
    started = time.monotonic()
    with process(["-m", module], environment) as running:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}{HEALTH[module]}", running)
        yield Web(
            address,
            running.pid,
            time.monotonic() - started,
            Meter(place, running.pid, place.postgres()),
        )


@contextmanager
def process(arguments: list[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run this Python with `arguments` while the block runs; it does not outlive this process."""
    with (FOLDER / "output.txt").open("ab") as output:
        running = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=functools.partial(kernel.die_with_parent, os.getpid(), signal.SIGTERM),  # noqa: PLW1509
        )
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(30)
        except subprocess.TimeoutExpired:
            say(f"{arguments} does not end and is killed.")
            running.kill()
            running.wait()


def wait_for(url: str, running: subprocess.Popen[bytes]) -> None:
    """Wait until `url` is answered. Raises RuntimeError if it never is."""
    until = time.monotonic() + PATIENCE
    while not answers(url, 2):
        if running.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"{url} is not answered; {FOLDER / 'output.txt'} may say why.")
        time.sleep(0.02)


def kept() -> dict[str, str]:
    """What a program is told of the environment of the bench: nothing but where programs are."""
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
