"""An empty database, and the migrations that are run on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from app import embedded, models
from app.embedded.postgres import OWNER
from tests.conftest import as_superuser

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


@pytest.fixture(scope="module")
def connection(
    request: pytest.FixtureRequest, servers: embedded.Servers, worker_number: int
) -> Iterator[Connection]:
    """An empty database of the owner's."""
    name = f"{request.module.__name__.rpartition('.')[2]}_{worker_number}"
    as_superuser(servers, f"CREATE DATABASE {name} OWNER {OWNER}")
    engine = create_engine(servers.database(OWNER, name), poolclass=NullPool)
    with engine.connect() as opened:
        yield opened


@pytest.fixture(scope="module")
def config(connection: Connection) -> Config:
    made = Config(str(MIGRATIONS / "alembic.ini"))
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    models.load()
    return made
