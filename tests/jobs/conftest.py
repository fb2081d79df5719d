"""Real receivers, a desk whose effects can be counted, and short words for both."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.extensions import redis
from app.jobs.unit import unit
from app.models.customers import Customer
from app.models.mails import Mail
from app.models.webhooks import Delivery, Event, Webhook
from app.record import emit
from app.services import webhooks


@dataclass
class Call:
    """One request that a receiver got."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A real server on this machine; `status`, `headers`, `delay` (seconds), `meanwhile` are set by tests."""

    url: str
    calls: list[Call] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0
    meanwhile: Callable[[], None] = lambda: None
    called: threading.Event = field(default_factory=threading.Event)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Receive, answering 200 unless told otherwise, until the end of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler())
    made = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
    server.RequestHandlerClass.receiver = made  # type: ignore[attr-defined]
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver of one test."""
    with receiving() as made:
        yield made


def _handler() -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        receiver: Receiver

        def do_POST(self) -> None:
            mine = self.receiver
            body = self.rfile.read(int(self.headers["content-length"]))
            mine.calls.append(Call(self.path, dict(self.headers), body))
            mine.called.set()
            mine.meanwhile()
            time.sleep(mine.delay)
            try:
                self.send_response(mine.status)
                for name, value in {"content-length": "2", **mine.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"ok")
            except BrokenPipeError:  # the sender was killed, or had waited long enough
                pass

        def log_message(self, *_words: Any) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture
def clean(app: Flask) -> Iterator[None]:
    """The application's context, without effects of earlier tests in database and queue."""
    with app.app_context():
        with unit() as session:
            for model in (Delivery, Event, Webhook, Mail):
                session.connection().execute(delete(model.__table__))
        redis().flushdb()
        yield


@pytest.fixture
def hook(clean: None, receiver: Receiver) -> Webhook:
    """A webhook of all events, signed."""
    return add_hook(receiver.url)


def add_hook(url: str, **values: Any) -> Webhook:
    """Add a webhook of all events."""
    with unit() as session:
        return webhooks.add(session, SYSTEM, {"url": url, "event_types": ["*"]} | values)


def happen(event_type: str = "TICKET_UPDATED", **payload: Any) -> int:
    """Let something happen, and return the number of its event; the queue is told nothing."""
    with unit() as session:
        emit(session, event_type, _somebody(session), payload)
        session.info.pop("effects")
        return max(session.connection().scalars(select(Event.id)))


def _somebody(session: Session) -> Customer:
    found = session.scalars(select(Customer)).first()
    if found is None:
        found = Customer(name="Ann", email="ann@example.com")
        session.add(found)
        session.flush()
        session.connection().execute(delete(Event.__table__))
    return found


def tries() -> list[Any]:
    """Return all deliveries, oldest first."""
    with unit() as session:
        return list(session.connection().execute(select(Delivery.__table__).order_by(Delivery.id)))


def change(model: Any, **values: Any) -> None:
    """Set columns of all rows, below the write path."""
    with unit() as session:
        session.connection().execute(model.__table__.update().values(values))


def webhook() -> Any:
    """Return the only webhook's row."""
    with unit() as session:
        return session.connection().execute(select(Webhook.__table__)).one()


def row_of(model: Any) -> Any:
    """Return the only row."""
    with unit() as session:
        return session.connection().execute(select(model.__table__)).one()
