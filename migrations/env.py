"""Runs migrations as the owner of the tables, one process at a time, never waiting long for a lock."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from app import models
from app.core.extensions import db

models.load()
LOCK = 724001
"""The advisory lock that lets one process migrate at a time."""
PAUSE = 0.2
"""Seconds between looks at it."""


def include(thing: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    """Leave out materialized views, which are made by hand, and indexes on expressions Alembic cannot read."""
    return not (kind == "table" and thing.info.get("view"))


def compare(_context: Any, _inspected: Any, _column: Any, kind: Any, wanted: Any) -> bool | None:
    """A closed list is text with a CHECK: its type does not differ."""
    return False if isinstance(wanted, sa.Enum) else None


def hold(connection: sa.Connection) -> None:
    """Wait for the lock without a statement that waits: an index made CONCURRENTLY would wait for that one."""
    while not connection.scalar(sa.text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}):
        connection.commit()
        time.sleep(PAUSE)


def run(connection: sa.Connection) -> None:
    """Configure the context on an open connection and run what is asked."""
    context.configure(
        connection=connection, target_metadata=db.metadata, include_object=include, compare_type=compare,
        transaction_per_migration=True,
    )  # fmt: skip
    with context.begin_transaction():
        context.run_migrations()


given: sa.Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = sa.create_engine(current_app.config["MIGRATE_DATABASE_URL"], poolclass=sa.NullPool)
    with engine.connect() as connection:
        hold(connection)
        connection.execute(sa.text("SET lock_timeout = '1s'"))
        connection.commit()
        run(connection)
