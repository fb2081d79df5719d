"""The embedded PostgreSQL: made whole or not at all, with an owner and an application role."""

from __future__ import annotations

import locale
import shutil
import signal
import socket
import struct
import subprocess
from pathlib import Path

from app.embedded.errors import Unavailable
from app.embedded.server import Server

DATABASE = "frontdesk"
SUPERUSER = "postgres"
OWNER = "frontdesk_owner"
APP = "frontdesk_app"
PORT = 5432

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(PORT),
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "random_page_cost": "1.1",
    "io_method": "sync",  # the reading workers of version 18 cost memory and gain nothing at this size
}
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
FIRST_STATEMENTS = (
    f"CREATE ROLE {OWNER} LOGIN",
    f"CREATE ROLE {APP} LOGIN",
    f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
)


class Postgres(Server):
    """PostgreSQL on one cluster folder, reachable by socket only."""

    name = "postgres"
    polite = signal.SIGINT  # "fast": ends sessions, writes everything, stops
    at_parent_death = signal.SIGQUIT  # "immediate": gone at once, recovers at the next start

    def prepare(self) -> None:
        if self.folder.exists():
            return
        with self.exclusive() as lock:
            unfinished = self.plan.file("postgres-unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)  # of a first start that was killed
            unfinished.mkdir(mode=0o700)
            self.plan.account.give(unfinished)
            self._initialise(unfinished, lock)
            unfinished.rename(self.folder)

    def command(self) -> list[str]:
        settings = {
            **SETTINGS,
            **(FAST if self.plan.fast else {}),
            "unix_socket_directories": self.plan.sockets,
        }
        arguments = [f"--{name}={value}" for name, value in settings.items()]
        return [self._program("postgres"), "-D", str(self.folder), *arguments]

    def socket_path(self) -> Path:
        return Path(self.plan.sockets) / f".s.PGSQL.{PORT}"

    def greet(self, connection: socket.socket) -> bool:
        """Open a session by the version 3 protocol; 'R' (authentication) means that sessions are accepted."""
        body = struct.pack("!I", 3 << 16) + f"user\0{APP}\0database\0{DATABASE}\0\0".encode()
        connection.sendall(struct.pack("!I", len(body) + 4) + body)
        accepted = connection.recv(1) == b"R"
        connection.sendall(b"X\0\0\0\4")  # the polite end, or every greeting stands in the log as an error
        while connection.recv(4096):
            pass
        return accepted

    def forget_earlier(self) -> None:
        (self.folder / "postmaster.pid").unlink(missing_ok=True)

    def _program(self, name: str) -> str:
        return str(Path(self.plan.postgres) / "bin" / name)

    def _initialise(self, cluster: Path, lock: int) -> None:
        self._run(
            lock,
            [
                *(self._program("initdb"), "-D", str(cluster), "--username", SUPERUSER, "--auth", "trust"),
                *("--encoding", "UTF8", "--locale", "C", "--lc-ctype", _lc_ctype()),
                *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-instructions"),
                *(["--no-sync"] if self.plan.fast else []),
            ],
        )
        (cluster / "pg_hba.conf").write_text("local all all trust\n")  # the folder of the socket is private
        single = [self._program("postgres"), "--single", "-D", str(cluster), "postgres"]
        self._run(lock, single, "".join(f"{statement}\n" for statement in FIRST_STATEMENTS))

    def _run(self, lock: int, command: list[str], statements: str = "") -> None:
        done = subprocess.run(
            command, input=statements.encode(), capture_output=True, check=False, **self.as_account(lock)
        )
        if done.returncode or b"ERROR:" in done.stderr or b"FATAL:" in done.stderr:
            said = (done.stdout + done.stderr).decode(errors="replace").strip()
            raise Unavailable(f"PostgreSQL could not make its files:\n{said}")


def _lc_ctype() -> str:
    """A character type that knows letters beyond ASCII, or trigram search would see none of them."""
    for name in ("C.UTF-8", "en_US.UTF-8"):
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        return name
    raise Unavailable(
        "This machine has neither the locale C.UTF-8 nor en_US.UTF-8.\n"
        "Install one (Debian: apt-get install locales-all), or set DATABASE_URL."
    )
