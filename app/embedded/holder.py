"""The holder: owns the servers, starts again what dies, and stops them when the last lease is gone."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from app.embedded import kernel, locks
from app.embedded.errors import Unavailable
from app.embedded.place import socket_place
from app.embedded.plan import Plan
from app.embedded.postgres import Postgres
from app.embedded.server import Server
from app.embedded.valkey import Valkey

TICK = 0.1
PATIENCE = 60.0  # seconds a server may take to its first answer


def servers_of(plan: Plan) -> list[Server]:
    """The servers that the plan has programs for."""
    wanted: list[Server] = [Postgres(plan)] if plan.postgres else []
    return [*wanted, Valkey(plan)] if plan.valkey else wanted


def hold(plan: Plan) -> None:
    """Run the servers until nobody holds a lease; return at once when another holder lives.

    Raises Unavailable when a server does not start.
    """
    mine = locks.take(plan.file("holder.lock"), seconds=5)
    if mine is None:
        return
    os.chdir("/")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    kernel.adopt_orphans()
    socket_place(Path(plan.place), plan.account)  # an earlier holder may have removed it just now
    servers = servers_of(plan)
    try:
        for server in servers:
            server.prepare()
            server.launch()
        _await_first_answer(servers)
        while locks.take(plan.file("lease.lock")) is None:
            _revive(servers)
            time.sleep(TICK)
    finally:
        for server in servers:
            server.stop()
        shutil.rmtree(plan.sockets, ignore_errors=True)


def _await_first_answer(servers: list[Server]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not all(server.is_ready() for server in servers):
        for server in servers:
            if not server.is_running() or time.monotonic() > deadline:
                raise Unavailable(
                    f"The {server.name} server does not start. Its last words:\n{server.last_words()}"
                )
        time.sleep(0.02)


def _revive(servers: list[Server]) -> None:
    dead = [server for server in servers if not server.is_running()]
    if not dead:
        return
    known = {server.process.pid for server in servers if server.process and server.is_running()}
    _end_orphans(known)
    for server in dead:
        print(f"{server.name} ended and is started again", flush=True)
        server.launch()


def _end_orphans(known: set[int]) -> None:
    """End the sessions a killed PostgreSQL left behind: a long query would keep its files locked."""
    for pid in kernel.children() - known:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
