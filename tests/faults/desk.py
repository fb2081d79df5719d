"""The whole program under load, with everything it tells the outside kept and counted."""

from __future__ import annotations

import email
import os
import signal
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import redis

from app import embedded
from app.embedded import plan
from app.embedded.valkey import Valkey
from tests.adapters.mail.post_office import Post, post_office
from tests.embedded.conftest import remove
from tests.jobs.conftest import Receiver, receiving
from tests.processes import children, found, within
from tests.program import Program

WRITERS = 4
"""Threads that write."""


class Redis:
    """A Redis of the test's own, as an operator has one: it comes back when the test says so."""

    def __init__(self, folder: Path) -> None:
        made = plan.make(folder, fast=False, wanted=("redis",))
        self._server = Valkey(made)
        self._server.prepare()
        self.url = f"unix://{made.sockets}/redis.sock"

    def start(self) -> None:
        self._server.launch()
        assert within(10, self._server.is_ready)

    def kill(self) -> None:
        process = self._server.process
        assert process is not None
        process.kill()
        process.wait()

    def empty(self) -> None:
        redis.Redis.from_url(self.url).flushall()

    def end(self) -> None:
        self._server.stop()


@dataclass(frozen=True)
class Write:
    """One write as its writer saw it: how long it took, and the ticket if it was acknowledged."""

    started: float
    seconds: float
    ticket: int | None


BACKGROUND = "app.launch.background"
"""The process from which workers and schedule are forked."""


@dataclass
class Desk:
    """The program with its PostgreSQL, a Redis, a receiver of webhooks and a post office."""

    program: Program
    servers: embedded.Servers
    redis: Redis
    receiver: Receiver
    post: Post
    headers: dict[str, str] = field(default_factory=dict)
    writes: list[Write] = field(default_factory=list)

    @property
    def pid(self) -> int:
        assert self.program.running is not None
        return self.program.running.pid

    def processes(self, name: str) -> list[int]:
        """The processes of a name that the program runs now, those behind the pages included."""
        parents = [self.pid, *children(self.pid, BACKGROUND)]
        return [pid for parent in parents for pid in children(parent, name)]

    def postgres(self) -> int:
        folder = (Path(self.program.settings["DATA_DIR"]) / "embedded").resolve()
        return found("postgres -D", str(folder))[0]

    def serves(self) -> bool:
        """Whether ten pages in a row are served: one web process may be back while another is not."""
        return all(self.program.ask("GET", "/portal/").status == 200 for _ in range(10))

    @contextmanager
    def load(self, pause: float) -> Iterator[None]:
        """Write tickets and replies while the block runs, each writer with a pause (seconds) between two."""
        until = threading.Event()
        writers = [threading.Thread(target=self._write, args=(until, pause)) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        try:
            yield
        finally:
            until.set()
            for writer in writers:
                writer.join()

    def _write(self, until: threading.Event, pause: float) -> None:
        """Open a ticket and answer it, again and again."""
        opening = {"email": "bob@customer.example", "title": "It leaks", "description": "Since today."}
        while not until.wait(pause):
            ticket = self.post_to("tickets", opening)
            if ticket is not None:
                self.post_to(f"tickets/{ticket}/messages", {"message_body": "We look into it."}, ticket)

    def post_to(self, path: str, values: dict[str, Any], ticket: int | None = None) -> int | None:
        """Write, and return the row's number if it was acknowledged."""
        started = time.monotonic()
        answer = self.program.ask("POST", f"/api/v1/{path}", values, **self.headers)
        number = int(answer.json["id"]) if answer.status == 201 else None
        about = (ticket or number) if number else None
        self.writes.append(Write(started, time.monotonic() - started, about))
        return number

    def ask(self, statement: str) -> list[Any]:
        """The first column of what a statement finds, asked as soon as PostgreSQL answers."""
        until = time.monotonic() + 60
        while True:
            try:
                with psycopg.connect(self.servers.migrate_database_url.replace("+psycopg", "")) as session:
                    return [row[0] for row in session.execute(statement.encode())]
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def told(self) -> Counter[str]:
        """How often each event and each mail arrived outside, by webhook-id and Message-ID."""
        calls = (call.headers["webhook-id"] for call in list(self.receiver.calls))
        letters = (
            email.message_from_bytes(one.content or b"")["Message-ID"] for one in list(self.post.taken)
        )
        return Counter([*calls, *letters])


@contextmanager
def running(folder: Path) -> Iterator[Desk]:
    """Run the whole program in `folder`, with one webhook of all events."""
    with ExitStack() as stack:
        receiver, post = stack.enter_context(receiving()), Post()
        port = stack.enter_context(post_office(post))
        queue = Redis(folder / "redis")
        queue.start()
        stack.callback(remove, folder / "redis")
        stack.callback(queue.end)
        settings = {
            "DATA_DIR": str(folder / "var"),
            "REDIS_URL": queue.url,
            "SMTP_URL": f"smtp://127.0.0.1:{port}",
            "DEMO": "0",
            "WEBHOOK_ALLOW_PRIVATE": "1",
            "LOG_LEVEL": "WARNING",
        }
        stack.callback(remove, folder / "var")
        program = Program(settings, folder / "output.txt")
        stack.callback(program.end)
        program.start()
        servers = embedded.start(folder / "var", wanted=("postgres",))
        stack.callback(servers.release)
        desk = Desk(program, servers, queue, receiver, post)
        said = program.command("keys", "create", "--description", "Load", "--scopes", "admin")
        desk.headers["Authorization"] = f"Bearer {said.split()[-1]}"
        assert desk.post_to("webhooks", {"url": receiver.url, "event_types": ["*"]})
        yield desk


def kill(pids: list[int]) -> None:
    """Kill -9 those that still run."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def slow(writes: list[Write]) -> float:
    """The 95th percentile of what writers waited, in milliseconds."""
    times = [write.seconds * 1000 for write in writes]
    return statistics.quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else 0.0
