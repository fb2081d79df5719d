"""The servers of a test run: real PostgreSQL and Redis of its own, fast because nothing need survive."""

from __future__ import annotations

import itertools
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from jinja2 import StrictUndefined
from sqlalchemy import event
from sqlalchemy.pool import Pool

from app import create_app, embedded
from app.core.extensions import db, redis
from app.embedded import locks
from app.embedded.postgres import APP, OWNER, SUPERUSER
from config import settings

pytest_plugins = ["tests.browser"]

NUMBERS = itertools.count(1)
RUNS = Path(__file__).resolve().parents[1] / "var" / "tests"


@pytest.fixture(scope="session")
def run_folder(testrun_uid: str) -> Iterator[Path]:
    """A folder for this run, shared by its parallel workers. Those of runs that have ended are removed."""
    RUNS.mkdir(parents=True, exist_ok=True)
    folder = RUNS / testrun_uid
    with locks.alone(RUNS / "runs.lock"):
        for earlier in RUNS.iterdir():
            if earlier.is_dir() and earlier != folder and has_ended(earlier):
                forget(earlier)
        folder.mkdir(exist_ok=True)
        lease = locks.share(folder / "run.lock")
    yield folder
    os.close(lease)


def has_ended(folder: Path) -> bool:
    """Whether neither a run nor its servers use the folder any more."""
    used = [folder / "run.lock", folder / "embedded" / "holder.lock"]
    return all(locks.is_free(lock) for lock in used if lock.parent.exists())


def forget(folder: Path) -> None:
    shutil.rmtree((folder / "embedded").resolve(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def connections() -> Iterator[None]:
    """Close at the end what was forgotten with its pool.

    It would be collected in whichever test is next, and fail that. The pool says nothing then: told in the
    midst of a collection, Python parses the lines of the trace, and whatever is parsed at that moment fails.
    """
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    opened: list[Any] = []
    event.listen(Pool, "connect", lambda connection, _record: opened.append(connection))
    yield
    for connection in opened:
        connection.close()


@pytest.fixture(scope="session")
def servers(run_folder: Path) -> embedded.Servers:
    """PostgreSQL and Redis of this run."""
    return embedded.start(run_folder, fast=True)


@pytest.fixture(scope="session")
def worker_number(worker_id: str) -> int:
    """0 for the first or only worker process of the run, 1 for the second …"""
    return int(worker_id.removeprefix("gw") if worker_id != "master" else 0)


@pytest.fixture(scope="session")
def redis_url(servers: embedded.Servers, worker_number: int) -> str:
    """A Redis database of this worker's own."""
    return f"{servers.redis_url}?db={worker_number}"


@pytest.fixture(scope="session")
def blank_database(servers: embedded.Servers, worker_number: int) -> str:
    """The URL, as the owner, of an empty database of this worker's own."""
    name = f"blank_{worker_number}"
    as_superuser(servers, f"CREATE DATABASE {name} OWNER {OWNER}")
    return servers.database(OWNER, name)


def as_superuser(servers: embedded.Servers, *statements: str) -> None:
    """Run statements that the product's own roles may not: making and dropping databases."""
    url = servers.database(SUPERUSER, "postgres").replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture(scope="session")
def environment(
    servers: embedded.Servers, redis_url: str, worker_number: int, run_folder: Path
) -> dict[str, str]:
    """What the environment says to the applications of this worker; the database is the template."""
    name = f"template_{worker_number}"
    return {
        "DATABASE_URL": servers.database(APP, name),
        "MIGRATE_DATABASE_URL": servers.database(OWNER, name),
        "REDIS_URL": redis_url,
        "DATA_DIR": str(run_folder / f"data_{worker_number}"),
        "WEBHOOK_ALLOW_PRIVATE": "1",
        "API_RATE_LIMIT": "60000",
        "DEMO": "0",
    }


@pytest.fixture(scope="session")
def template(servers: embedded.Servers, environment: dict[str, str], worker_number: int) -> str:
    """The name of a database migrated to head, to be copied."""
    name = f"template_{worker_number}"
    as_superuser(servers, f"CREATE DATABASE {name} OWNER {OWNER}")
    app = create_app(settings(environment))
    result = app.test_cli_runner().invoke(args=["migrate"])
    assert result.exit_code == 0, result.output
    with app.app_context():
        db.engine.dispose()
    return name


@pytest.fixture(scope="module")
def app(
    servers: embedded.Servers, environment: dict[str, str], template: str, worker_number: int
) -> Iterator[Flask]:
    """The whole application on a database of this module's own, a copy of the template."""
    name = f"desk_{worker_number}_{next(NUMBERS)}"
    as_superuser(servers, f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template}")
    mine = environment | {
        "DATABASE_URL": servers.database(APP, name),
        "MIGRATE_DATABASE_URL": servers.database(OWNER, name),
    }
    made = create_app(settings(mine))
    made.jinja_env.undefined = StrictUndefined  # a menu without entries would look empty for a reason
    opened: list[Any] = []
    with made.app_context():
        redis().flushdb()
        event.listen(db.engine, "connect", lambda connection, _record: opened.append(connection))
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    for connection in opened:  # also those that threads of a test still had when the pool was thrown away
        connection.close()
    as_superuser(servers, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement the application asks while the test runs; BEGIN, SET and COMMIT are not among them."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("SET LOCAL"):
            asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)
