"""Joining the servers of a data folder, starting them first when nobody has."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from app.embedded import locks, plan
from app.embedded.errors import Unavailable
from app.embedded.holder import servers_of
from app.embedded.postgres import APP, DATABASE, OWNER
from app.embedded.server import Server

PATIENCE = 90.0  # seconds; a first start makes the cluster
_leases: dict[Path, int] = {}


@dataclass(frozen=True)
class Servers:
    """Running servers. They run at least until this process, and those that inherit the lease, have ended."""

    sockets: Path
    lease: int

    def database(self, role: str, name: str = DATABASE) -> str:
        """The SQLAlchemy URL of a database as seen by a role."""
        return f"postgresql+psycopg://{role}@/{name}?host={quote(str(self.sockets))}"

    @property
    def database_url(self) -> str:
        return self.database(APP)

    @property
    def migrate_database_url(self) -> str:
        return self.database(OWNER)

    @property
    def redis_url(self) -> str:
        return f"unix://{self.sockets}/redis.sock"

    def release(self) -> None:
        """Give the lease back before this process ends."""
        for path in [path for path, lease in _leases.items() if lease == self.lease]:
            os.close(_leases.pop(path))


def start(data_dir: Path, fast: bool = False, wanted: tuple[str, ...] = plan.BOTH) -> Servers:
    """Join the servers of `data_dir`, starting those `wanted` first when none run.

    `fast` trades durability for speed: for tests only. Raises Unavailable with the remedy.
    """
    made = plan.make(data_dir, fast, wanted)
    lease = _lease_on(made.file("lease.lock"))
    servers = servers_of(made)
    if not all(server.is_ready() for server in servers):
        with locks.alone(made.file("start.lock")):
            _start(made, servers)
    return Servers(Path(made.sockets), lease)


def _lease_on(path: Path) -> int:
    """The lease of this process; joining twice keeps the one."""
    if path not in _leases:
        _leases[path] = locks.share(path)
    return _leases[path]


def _start(made: plan.Plan, servers: list[Server]) -> None:
    holder = 0
    deadline = time.monotonic() + PATIENCE
    while not all(server.is_ready() for server in servers):
        if holder and _has_failed(holder):
            raise Unavailable(made.file("holder.log").read_text(errors="replace").strip())
        if not holder and locks.is_free(made.file("holder.lock")):
            holder = _spawn(made)
        if time.monotonic() > deadline:
            raise Unavailable(f"The embedded servers do not answer. Their logs are in {made.place}.")
        time.sleep(0.02)


def _spawn(made: plan.Plan) -> int:
    """Start the holder in a session of its own: Ctrl-C in a terminal must not reach the servers."""
    log = str(made.file("holder.log"))
    return os.posix_spawn(
        sys.executable,
        [sys.executable, "-I", "-S", str(Path(__file__).parent), made.to_json()],
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )


def _has_failed(holder: int) -> bool:
    """Whether the holder ended with an error. One that ended well gave way to another."""
    pid, status = os.waitpid(holder, os.WNOHANG)
    return pid == holder and status != 0
