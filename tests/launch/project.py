"""A stand-in project: run.py and its parts around a tiny application, in an environment made in a moment."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

from tests.processes import found, within

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")

APPLICATION = """
def create_app(settings=None):
    import os, time, click, config, psycopg
    from flask import Flask
    app = Flask("app")
    app.config.from_mapping(settings or config.settings(os.environ))

    @app.get("/healthz")
    def healthz(): return "ok"

    @app.get("/pid")
    def pid(): return str(os.getpid())

    @app.cli.command("migrate")
    def migrate():
        with psycopg.connect(app.config["MIGRATE_DATABASE_URL"].replace("+psycopg", "")) as session:
            session.execute("CREATE TABLE IF NOT EXISTS started AS SELECT 1")

    @app.cli.command("demo")
    @click.option("--if-empty", is_flag=True)
    def demo(if_empty): print("demo")

    @app.cli.command("worker")
    @click.argument("queue")
    def worker(queue): time.sleep(600)

    @app.cli.command("schedule")
    def schedule(): time.sleep(600)

    return app
"""


@dataclass
class Project:
    """A folder with a stand-in project, and the program running in it."""

    root: Path
    port: int
    running: subprocess.Popen[str] | None = None

    @property
    def output(self) -> str:
        return (self.root / "output.txt").read_text()

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "run.py", *arguments],
            cwd=self.root,
            env=self._environment(environment),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def start(self) -> None:
        """Start everything and wait until it says where it runs."""
        with (self.root / "output.txt").open("w") as output:
            self.running = subprocess.Popen(
                [sys.executable, "run.py"],
                cwd=self.root,
                env=self._environment({}),
                stdout=output,
                stderr=output,
            )
        assert within(60, lambda: "Ctrl-C stops it" in self.output or self.running.poll() is not None)
        assert "Ctrl-C stops it" in self.output, self.output

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End what was started; return its status."""
        assert self.running is not None
        self.running.send_signal(how)
        return self.running.wait(30)

    def ask(self, path: str) -> str:
        """The body of a page, or nothing while the server is away."""
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(request.encode())
                answer = b"".join(iter(lambda: connection.recv(4096), b""))
        except OSError:
            return ""
        return answer.partition(b"\r\n\r\n")[2].decode()

    def processes(self) -> list[int]:
        """Everything that runs for this project."""
        return found(str(self.root))

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        kept = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
        return {**kept, "PORT": str(self.port), **more}


def make(root: Path) -> Project:
    """Copy the parts under test, and make an environment that borrows this one's packages."""
    for name in ("run.py", "config.py", *LOCKS):
        shutil.copy2(ROOT / name, root / name)
    for package in ("embedded", "launch", "core"):  # the settings name the languages
        shutil.copytree(ROOT / "app" / package, root / "app" / package)
    (root / "app" / "__init__.py").write_text(APPLICATION)
    venv.create(root / ".venv", with_pip=False)
    packages = next((root / ".venv" / "lib").glob("python3*/site-packages"))
    (packages / "borrowed.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    stamp = {lock: hashlib.sha256((root / lock).read_bytes()).hexdigest() for lock in LOCKS}
    (root / ".venv" / "frontdesk.json").write_text(json.dumps(stamp))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Project(root, probe.getsockname()[1])
