"""One server process, started under a lock that only its own processes hold."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from app.embedded import kernel, locks
from app.embedded.errors import Unavailable
from app.embedded.plan import Plan

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LC_ALL": "C",
    "TZ": "UTC",
}  # nothing of the user's, PGDATA least of all
_LARGEST_LOG = 5 * 1024 * 1024


class Server(ABC):
    """What PostgreSQL and Valkey have in common. A subclass says how to prepare, run and greet its server."""

    name: ClassVar[str]
    polite: ClassVar[signal.Signals]
    at_parent_death: ClassVar[signal.Signals]

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.folder = plan.file(self.name)
        self.log = plan.file(f"{self.name}.log")
        self.process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def prepare(self) -> None:
        """Make what the server needs before its first start."""

    @abstractmethod
    def command(self) -> list[str]:
        """The program and its arguments."""

    @abstractmethod
    def socket_path(self) -> Path:
        """The socket the server listens on."""

    @abstractmethod
    def greet(self, connection: socket.socket) -> bool:
        """Whether the server answers this connection as one that takes work."""

    def is_ready(self) -> bool:
        """Whether the server takes work now."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(self.socket_path()))
            return self.greet(connection)
        return False

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def launch(self) -> None:
        """Start the server. Its processes inherit a lock: two copies can never run on the same files."""
        with self.exclusive() as lock, self._open_log() as log:
            self.forget_earlier()
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.as_account(lock, self.at_parent_death),
            )

    @contextlib.contextmanager
    def exclusive(self) -> Iterator[int]:
        """Hold the lock on the server's files, to be inherited by what is started inside the block.

        Raises Unavailable when processes of an earlier server keep it.
        """
        lock = locks.take(self.plan.file(f"{self.name}.lock"), seconds=10)
        if lock is None:
            raise Unavailable(f"An earlier {self.name} server still uses {self.folder} and does not end.")
        try:
            yield lock
        finally:
            os.close(lock)

    def forget_earlier(self) -> None:  # noqa: B027  most servers leave none
        """Remove traces of an earlier process; the lock proves that it is gone."""

    def stop(self, seconds: float = 20) -> None:
        """Ask the server to end, and kill it if it takes longer than `seconds`."""
        if self.process is None:
            return
        self.process.send_signal(self.polite)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def last_words(self) -> str:
        """The end of the server's log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])

    def as_account(self, lock: int, at_parent_death: signal.Signals = signal.SIGKILL) -> dict[str, Any]:
        """Arguments for subprocess: run as the servers' user, keep `lock`, inherit nothing else."""
        at_birth = functools.partial(kernel.die_with_parent, os.getpid(), at_parent_death)
        common: dict[str, Any] = {"cwd": "/", "env": ENVIRONMENT, "umask": 0o077, "pass_fds": [lock]}
        common["preexec_fn"] = at_birth  # safe, for the holder has one thread
        account = self.plan.account
        if account.switch:
            common |= {"user": account.uid, "group": account.gid, "extra_groups": []}
        return common

    def _open_log(self) -> BinaryIO:
        too_large = self.log.exists() and self.log.stat().st_size > _LARGEST_LOG
        log = self.log.open("wb" if too_large else "ab")
        log.write(f"--- {time.strftime('%Y-%m-%d %H:%M:%S')} {self.name} starts\n".encode())
        log.flush()
        return log
