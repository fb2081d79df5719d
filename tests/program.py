"""The real program, started from outside as a person would, and short words to ask it things."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.processes import within

ROOT = Path(__file__).resolve().parents[1]
READY = "Ctrl-C stops it"


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 where nothing did."""

    status: int
    body: bytes = b""

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Program:
    """`python3 run.py` with `arguments`, in an environment of nothing but `settings` and a free port."""

    settings: dict[str, str]
    output: Path
    arguments: tuple[str, ...] = ()
    port: int = field(default_factory=lambda: free_port())  # noqa: PLW0108  defined below
    running: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        return self.output.read_text()

    def start(self) -> Program:
        """Start, and wait until pages are served and, with everything, until it says so."""
        with self.output.open("wb") as output:
            self.running = subprocess.Popen(
                [sys.executable, str(ROOT / "run.py"), *self.arguments],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        assert within(90, lambda: self._is_ready() or (self.running and self.running.poll() is not None))
        assert self._is_ready(), self.said
        return self

    def end(self) -> int:
        """End it politely; return its status."""
        assert self.running is not None
        self.running.send_signal(signal.SIGTERM)
        return self.running.wait(30)

    def command(self, *arguments: str) -> str:
        """Run another command beside it; return what it said."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "run.py"), *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Ask by a connection of its own, which is what a client does that has just lost one."""
        content = b"" if body is None else json.dumps(body).encode()
        lines = {"Host": f"127.0.0.1:{self.port}", "Connection": "close", "Content-Length": str(len(content))}
        lines |= {"Content-Type": "application/json"} if content else {}
        head = "".join(f"{name}: {value}\r\n" for name, value in (lines | headers).items())
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
                connection.sendall(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content)
                answer = b"".join(iter(lambda: connection.recv(65536), b""))
        except OSError:
            return Answer(0)
        start, _, rest = answer.partition(b"\r\n\r\n")
        return Answer(int(start.split(maxsplit=2)[1]), rest) if start.startswith(b"HTTP/1.1 ") else Answer(0)

    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {**kept, "PORT": str(self.port), **self.settings}

    def _is_ready(self) -> bool:
        if not self.arguments and READY not in self.said:
            return False
        return self.ask("GET", "/healthz").status == 200


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
