"""kill -9 of each process under load: what was acknowledged is there and was told, and pages come back."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app import embedded
from tests.embedded.conftest import remove
from tests.jobs.conftest import Receiver, receiving
from tests.processes import children, found, within
from tests.program import Program

BACK = 15.0
"""Seconds within which pages are served again without a hand."""
ARRIVED = 60.0
"""Seconds within which the last event arrives, those cut off in the middle included."""
PAUSE = 0.05
MOST = 600
"""Seconds between two writes, and writes at most while one process is killed."""


@dataclass
class Desk:
    """The whole program on servers of its own that keep all they are told, a receiver, what was written."""

    program: Program
    servers: embedded.Servers
    receiver: Receiver
    headers: dict[str, str] = field(default_factory=dict)
    acknowledged: list[int] = field(default_factory=list)

    @property
    def pid(self) -> int:
        assert self.program.running is not None
        return self.program.running.pid

    def web(self) -> list[int]:
        return children(self.pid, "app.launch.web")

    def background(self) -> list[int]:
        return children(self.pid, "app.launch.background")

    def behind(self, name: str) -> list[int]:
        return [pid for parent in self.background() for pid in children(parent, name)]

    def post(self, table: str, values: dict[str, Any]) -> int | None:
        """Write a row; return its number if it was acknowledged."""
        answer = self.program.ask("POST", f"/api/v1/{table}", values, **self.headers)
        return int(answer.json["id"]) if answer.status == 201 else None

    def write(self, until: threading.Event) -> None:
        """Write tickets one after the other, as long as asked or up to a bound."""
        for number in range(MOST):
            ticket = {"email": "bob@customer.example", "title": f"Load {number}", "description": "…"}
            made = self.post("tickets", ticket)
            self.acknowledged += [made] if made else []
            if until.wait(PAUSE):
                return

    @contextmanager
    def load(self) -> Iterator[None]:
        """Write while the block runs, beginning before it and going on after what happens in it."""
        until = threading.Event()
        writer = threading.Thread(target=self.write, args=(until,))
        writer.start()
        try:
            assert self.goes_on()
            yield
            assert self.goes_on()
        finally:
            until.set()
            writer.join()

    def goes_on(self) -> bool:
        """Whether five more tickets are acknowledged in time."""
        count = len(self.acknowledged) + 5
        return within(BACK, lambda: len(self.acknowledged) >= count)

    def serves(self) -> bool:
        """Whether ten pages in a row are served: one web process may be back while another is not."""
        return all(self.program.ask("GET", "/portal/").status == 200 for _ in range(10))

    def ask(self, statement: str) -> set[int]:
        """The numbers that a statement finds, asked by a session of its own."""
        with psycopg.connect(self.servers.migrate_database_url.replace("+psycopg", "")) as session:
            return {key for (key,) in session.execute(statement.encode())}

    def told(self) -> set[int]:
        """The tickets of which the receiver heard."""
        bodies = [json.loads(call.body) for call in list(self.receiver.calls)]
        return {body["data"]["object"]["id"] for body in bodies}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    settings = {
        "DATA_DIR": str(folder / "var"),
        "DEMO": "0",
        "WEBHOOK_ALLOW_PRIVATE": "1",
        "LOG_LEVEL": "WARNING",
    }
    with ExitStack() as stack:
        receiver = stack.enter_context(receiving())
        program = Program(settings, folder / "output.txt").start()
        stack.callback(program.end)
        made = Desk(program, embedded.start(folder / "var"), receiver)
        stack.callback(made.servers.release)
        said = program.command("keys", "create", "--description", "Load", "--scopes", "admin")
        made.headers["Authorization"] = f"Bearer {said.split()[-1]}"
        assert made.post("webhooks", {"url": receiver.url, "event_types": ["TICKET_CREATED"]})
        yield made
    remove(folder / "var")


VICTIMS: dict[str, Callable[[Desk], list[int]]] = {
    "a web process": lambda desk: children(desk.web()[0]),
    "the web server": lambda desk: desk.web(),
    "all that is behind the pages": lambda desk: desk.background(),
    "the effects worker": lambda desk: desk.behind("worker effects"),
    "the schedule": lambda desk: desk.behind("schedule"),
    "PostgreSQL": lambda desk: found("postgres -D", place(desk)),
    "Redis": lambda desk: found("valkey", desk.servers.redis_url.removeprefix("unix://")),
}


def place(desk: Desk) -> str:
    return str((Path(desk.program.settings["DATA_DIR"]) / "embedded").resolve())


@pytest.mark.parametrize("victim", VICTIMS)
def test_pages_come_back_and_another_takes_its_place(desk: Desk, victim: str) -> None:
    find = VICTIMS[victim]
    with desk.load():
        assert within(BACK, lambda: find(desk))
        killed = find(desk)[0]
        os.kill(killed, signal.SIGKILL)
        assert within(BACK, desk.serves)
        assert within(BACK, lambda: set(find(desk)) - {killed} and killed not in find(desk))


def test_nothing_acknowledged_was_lost_and_all_of_it_was_told(desk: Desk) -> None:
    """The last word, after every process was killed once."""
    written = set(desk.acknowledged)
    assert len(written) >= 10 * len(VICTIMS)
    assert written <= desk.ask("SELECT id FROM tickets")
    published = (
        "SELECT object_id FROM outbox_events WHERE event_type = 'TICKET_CREATED' AND published_at IS NOT NULL"
    )
    assert within(ARRIVED, lambda: written <= desk.ask(published)), written - desk.ask(published)
    assert within(ARRIVED, lambda: written <= desk.told()), written - desk.told()
