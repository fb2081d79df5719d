"""`python3 run.py`: everything, in order, until Ctrl-C."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import config
from app import embedded
from app.embedded import locks
from app.launch.console import Failure, say, step
from app.launch.supervisor import Child, Supervisor, answers

PATIENCE = 120.0  # seconds web may take to its first answer

LOGINS = """
  admin@example.com        administrator
  supervisor@example.com   supervisor
  agent@example.com        agent
  customer@example.com     customer, at {portal}
  Password of all: frontdesk-demo
"""


def run(root: Path, settings: Mapping[str, Any]) -> None:
    """Start everything and keep it running. Raises Failure with the remedy."""
    claim(settings)
    check_port(settings)
    children = [
        Child("web", command(root, "web")),
        Child("background", command(root, "background"), waits=True),
    ]
    prepare(root, settings)
    supervise(children, settings)


def workers(root: Path, settings: Mapping[str, Any]) -> list[Child]:
    """The worker processes: as many for effects as WORKERS says, one for bulk; exactly one queue each."""
    count = settings["WORKERS"]
    names = [f"worker effects {number}" if count > 1 else "worker effects" for number in range(1, count + 1)]
    effects = [Child(name, command(root, "worker", "effects")) for name in names]
    return [*effects, Child("worker bulk", command(root, "worker", "bulk"))]


def command(root: Path, *arguments: str) -> list[str]:
    """This program again, for one process."""
    return [sys.executable, str(root / "run.py"), *arguments]


def claim(settings: Mapping[str, Any]) -> None:
    """Make sure that nothing else runs on this data folder; the lock is kept until this process ends."""
    path = settings["DATA_DIR"] / "running.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = locks.take(path)
    if lock is None:
        raise Failure(
            f"Frontdesk already runs on {settings['DATA_DIR']}, at {path.read_text().strip()}\n"
            "Stop that one first, or give this one a folder and port of its own:\n"
            f"  DATA_DIR=./var2 PORT={settings['PORT'] + 1} python3 run.py"
        )
    os.truncate(lock, 0)
    os.write(lock, settings["BASE_URL"].encode())


def check_port(settings: Mapping[str, Any]) -> None:
    """Raise Failure when the address cannot be listened on."""
    host, port = settings["HOST"], settings["PORT"]
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failure(
                f"Port {port} on {host} cannot be used: {error.strerror}.\n"
                f"Choose another: PORT={port + 1 if port < 65535 else 8000} python3 run.py"
            ) from error


def prepare(root: Path, settings: Mapping[str, Any]) -> None:
    """Bring the tables up to date, and fill an empty database with demo data.

    Embedded servers whose cluster says that nothing changed since are left as they are: that costs seconds.
    """
    stamp, digest = settings["DATA_DIR"] / "embedded" / "postgres" / "frontdesk.prepared", prepared_from(root)
    embeds = "postgres" in config.embedded_servers(os.environ)
    if embeds and stamp.exists() and stamp.read_text() == f"{digest} {settings['DEMO']}":
        return
    title = "Preparing the database" + (" and, if it is empty, the demo data" if settings["DEMO"] else "")
    with step(title):
        said = subprocess.run(
            [sys.executable, "-m", "app.launch.prepare"],
            cwd=root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if said.returncode:
            raise Failure(f"The database could not be prepared:\n{(said.stdout + said.stderr).strip()}")
        if embeds:
            stamp.write_text(f"{digest} {settings['DEMO']}")


def prepared_from(root: Path) -> str:
    """Return a digest of what the state of a database follows from: migrations and declarations."""
    digest = hashlib.sha256()
    for pattern in (
        "migrations/versions/*.py",
        "app/models/*.py",
        "app/access/grants.py",
        "app/cli/database.py",
    ):
        for file in sorted(root.glob(pattern)):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def supervise(children: list[Child], settings: Mapping[str, Any]) -> None:
    """Start the processes, say where to go once web answers, and keep them running until a signal."""
    supervisor = Supervisor(children, say, keeper_of_servers(settings))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, supervisor.stop)
    supervisor.start()
    if any(child.name == "web" for child in children):
        supervisor.watch_health("web", health_url(settings))
        _announce(supervisor, settings)
    supervisor.run()
    say("Stopped.")


def keeper_of_servers(settings: Mapping[str, Any]) -> Callable[[], None]:
    """What brings the embedded servers back when their holder was killed; nothing where none are used."""
    wanted = config.embedded_servers(os.environ)
    if not wanted:
        return lambda: None

    def keep() -> None:
        try:
            embedded.start(settings["DATA_DIR"], wanted=wanted)
        except embedded.Unavailable as problem:
            say(str(problem))

    return keep


def health_url(settings: Mapping[str, Any]) -> str:
    """Where web says that it serves, by the address it listens on."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings["HOST"], settings["HOST"])  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{settings['PORT']}/healthz"


def _announce(supervisor: Supervisor, settings: Mapping[str, Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    with step("Starting web, workers and schedule"):
        while not supervisor.stopping and not answers(health_url(settings), 2):
            supervisor.tick()
            time.sleep(0.1)
            if time.monotonic() > deadline:
                raise Failure(f"Web does not answer at {health_url(settings)} after {PATIENCE:.0f} seconds.")
    if supervisor.stopping:
        return
    supervisor.release()
    address = settings["BASE_URL"]
    say(f"\nFrontdesk runs at {address}/   portal {address}/portal/   API {address}/api/v1/docs")
    if settings["DEMO"]:
        say(LOGINS.format(portal=f"{address}/portal/"))
    say("Ctrl-C stops it.")
