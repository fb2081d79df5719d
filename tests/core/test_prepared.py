"""What a connection has prepared outlives a request that only read, and stands in no migration's way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from app.core import prepared
from app.core.extensions import db

ENOUGH = 4
"""Times a statement is asked until psycopg has it prepared."""


@pytest.fixture
def table(app: Flask) -> Iterator[Connection]:
    """Give the owner's connection, and a table `kept` of one whole number."""
    owner = create_engine(app.config["MIGRATE_DATABASE_URL"], isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text("CREATE TABLE kept AS SELECT 1 AS number"))
        connection.execute(text("GRANT SELECT ON kept TO PUBLIC"))
        try:
            yield connection
        finally:
            connection.execute(text("DROP TABLE kept"))
    owner.dispose()


def test_a_rollback_forgets_nothing(app: Flask, table: Connection) -> None:
    with app.app_context(), db.engine.connect() as connection:
        _ask(connection)
        connection.rollback()
        names = connection.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
        assert any("FROM kept" in name for name in names)


def test_a_column_of_another_type_costs_one_request_at_most(app: Flask, table: Connection) -> None:
    with app.app_context():
        with db.engine.connect() as connection:
            _ask(connection)
        table.execute(text("ALTER TABLE kept ALTER COLUMN number TYPE bigint"))
        with db.engine.connect() as connection, pytest.raises(DBAPIError):
            _ask(connection)
        with db.engine.connect() as connection:
            _ask(connection)


def test_plans_are_kept_until_the_commit(app: Flask) -> None:
    with app.app_context():
        session = db.session()
        mode = text("SHOW plan_cache_mode")
        prepared.keep_plans(session)
        assert session.scalar(mode) == "auto"
        session.commit()
        assert session.scalar(mode) == "force_custom_plan"


def test_a_plan_for_any_value_is_made_once(app: Flask) -> None:
    with app.app_context():
        session = db.session()
        asked = text("SELECT CAST(:number AS int) + 1 AS planned")
        with prepared.one_plan(session):
            assert [session.scalar(asked, {"number": number}) for number in range(ENOUGH)] == [1, 2, 3, 4]
        assert session.scalar(asked, {"number": 7}) == 8
        assert session.execute(text(PLANS)).one() == (2, 1)


PLANS = """
SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement ~ 'AS planned'
"""
"""Of a statement that psycopg prepares when it is asked for the third time."""


def _ask(connection: Connection) -> None:
    for _ in range(ENOUGH):
        assert connection.scalar(text("SELECT number FROM kept")) == 1
