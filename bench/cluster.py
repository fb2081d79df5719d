"""The servers that are measured, and databases on them that are made once and copied for each run."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from app import embedded
from app.embedded import locks
from app.embedded.postgres import APP, OWNER, SUPERUSER

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "var" / "bench"
PRELOADED = "shared_preload_libraries"


@dataclass(frozen=True)
class Place:
    """One database on the servers, and what the environment of a program on it says."""

    servers: embedded.Servers
    database: str
    tickets: int

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a desk on this database, with keys and Redis of the bench."""
        return {
            "DATA_DIR": str(FOLDER),
            "DATABASE_URL": self.servers.database(APP, self.database),
            "MIGRATE_DATABASE_URL": self.servers.database(OWNER, self.database),
            "REDIS_URL": self.servers.redis_url,
            "WEBHOOK_ALLOW_PRIVATE": "1",
            "API_RATE_LIMIT": "60000",
            "DEMO": "0",
            "LOG_LEVEL": "WARNING",
        }

    def session(self, role: str = SUPERUSER) -> psycopg.Connection[Any]:
        """A session of its own on the database; each statement commits by itself."""
        url = self.servers.database(role, self.database).replace("+psycopg", "")
        return psycopg.connect(url, autocommit=True)

    def postgres(self) -> int:
        """The process id of the server."""
        with self.session() as session:
            (folder,) = one(session, "SHOW data_directory")
        return int((Path(folder) / "postmaster.pid").read_text().split()[0])


def start() -> embedded.Servers:
    """Join the servers of the bench. They run with the program's own settings, and count statements."""
    servers = embedded.start(FOLDER)
    with Place(servers, "postgres", 0).session() as session:
        if one(session, f"SHOW {PRELOADED}") == ("pg_stat_statements",):
            return servers
        session.execute(f"ALTER SYSTEM SET {PRELOADED} = 'pg_stat_statements'")
    servers.release()
    holder = (FOLDER / "embedded").resolve() / "holder.lock"
    while not locks.is_free(holder):
        time.sleep(0.05)
    return embedded.start(FOLDER)


@contextmanager
def copied(place: Place, name: str) -> Iterator[Place]:
    """Give a copy of a database, so that what a run writes is gone after it."""
    copy = Place(place.servers, f"{name}_{place.tickets}", place.tickets)
    with Place(place.servers, "postgres", 0).session() as session:
        session.execute(f"DROP DATABASE IF EXISTS {copy.database} WITH (FORCE)")
        session.execute(
            f"CREATE DATABASE {copy.database} OWNER {OWNER} TEMPLATE {place.database} STRATEGY file_copy"
        )
        try:
            yield copy
        finally:
            session.execute(f"DROP DATABASE {copy.database} WITH (FORCE)")


def one(session: psycopg.Connection[Any], statement: str, *values: Any) -> tuple[Any, ...]:
    """Return the only row of a statement of this package's own words."""
    row = session.execute(statement.encode(), values or None).fetchone()
    return row if row is not None else ()
