"""A desk with a sealed log, and the hands of one who owns its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, NullPool, create_engine, insert, select, text

from app.adapters.audit_keys import Keys
from app.core.clock import now
from app.core.extensions import db
from app.models.audit import AuditLog
from app.services import audit
from app.services.audit import seal

LOGS = AuditLog.__table__
KEY = "a key to seal with, long enough for anybody"


def entry(number: int, **more: Any) -> dict[str, Any]:
    """A row as the write path makes it; `number` makes it differ from others."""
    return {
        "action_type": "TEAM_UPDATE",
        "action_details": {"changed": ["name"], "after": {"number": number, "ä\t\\": None}},
        "performed_by": "employee:1",
        "actor_type": "employee",
        "actor_id": "1",
        "object_table": "teams",
        "object_id": number,
        "ip": None,
        "request_id": f"r{number}",
        "created_at": now(),
        **more,
    }


@pytest.fixture(scope="module")
def keys() -> Keys:
    """The keys of these tests."""
    return Keys(KEY)


@pytest.fixture(scope="module")
def owner(app: Flask) -> Iterator[Engine]:
    """Connections as the role that owns the tables."""
    made = create_engine(app.config["MIGRATE_DATABASE_URL"], poolclass=NullPool)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def write(app: Flask) -> Callable[..., None]:
    """How rows get into the log: committed, as the application's role."""

    def added(numbers: range) -> None:
        with app.app_context():
            db.session().connection().execute(insert(LOGS), [entry(number) for number in numbers])
            db.session.commit()

    return added


@pytest.fixture(scope="module")
def sealed(app: Flask, write: Callable[..., None], keys: Keys) -> int:
    """Five blocks of eight rows and one of three, with gaps; the number of rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seal, "ROWS", 8)
        for start in (0, 16, 32):
            with app.app_context():  # a number that is given out and never used
                db.session().connection().execute(insert(LOGS), [entry(-1)])
                db.session.rollback()
            write(range(start, start + 16) if start < 32 else range(32, 43))
            with app.app_context():
                assert audit.seal_now(db.session(), keys) == (16 if start < 32 else 11)
                db.session.commit()
    return 43


@contextmanager
def tampering(owner: Engine) -> Iterator[Connection]:
    """A connection of the owner with the triggers off; all that was done is undone at the end."""
    with owner.connect() as connection:
        for table in ("audit_logs", "audit_blocks"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield connection
        connection.rollback()


def ids(connection: Connection) -> list[int]:
    """The numbers of all rows."""
    return list(connection.scalars(select(LOGS.c.id).order_by(LOGS.c.id)))
