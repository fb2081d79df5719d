"""A connection that the server ended costs no request, and one that lives no question."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from psycopg import connect
from sqlalchemy import Engine, create_engine, text

from app import embedded
from app.core import alive
from app.embedded.postgres import SUPERUSER


@pytest.fixture
def url(servers: embedded.Servers) -> str:
    return servers.database(SUPERUSER, "postgres")


@pytest.fixture
def asked() -> list[object]:
    """The connections that the server was asked about."""
    return []


@pytest.fixture
def engine(url: str, asked: list[object], monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine with one connection."""
    made = create_engine(url, pool_size=1, max_overflow=0, pool_pre_ping=True)
    ping = made.dialect.do_ping
    monkeypatch.setattr(made.dialect, "do_ping", lambda one: asked.append(one) or ping(one))
    alive.install(made)
    yield made
    made.dispose()


def process(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)


def test_one_that_lives_is_not_asked_about(engine: Engine, asked: list[object]) -> None:
    assert process(engine) == process(engine)
    assert asked == []


def test_one_that_was_ended_is_replaced(engine: Engine, asked: list[object], url: str) -> None:
    first = process(engine)
    with connect(url.replace("+psycopg", ""), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", [first])
    assert process(engine) != first
    assert len(asked) == 1


def test_one_that_was_closed_here_is_replaced(engine: Engine, asked: list[object]) -> None:
    with engine.connect() as connection:
        held = connection.connection.dbapi_connection
    assert held is not None
    held.close()
    assert process(engine) > 0
    assert len(asked) == 1
