"""A table with a value of every kind, in real PostgreSQL; everything is rolled back at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text

from app.criteria import fold_functions
from app.fields.stored_sql import WORDS_FUNCTION
from app.fields.terms_sql import TERMS_FUNCTION
from tests.criteria.things import FIELDS, Thing, things


@pytest.fixture(scope="session")
def connection(blank_database: str) -> Iterator[Connection]:
    """A connection that knows the functions of the desk. It writes nothing later: the feed of changes waits
    for whoever does, in whatever database of the server."""
    engine = create_engine(blank_database)
    with engine.connect() as opened:
        for function in (*fold_functions(), WORDS_FUNCTION, TERMS_FUNCTION):
            opened.execute(text(function))
        Thing.__table__.create(opened)
        opened.execute(Thing.__table__.insert(), things(300))
        opened.commit()
        yield opened
        opened.rollback()
    engine.dispose()


@pytest.fixture(scope="session")
def population(connection: Connection) -> list[dict[str, Any]]:
    """Three hundred things, as they come back from the table."""
    return [dict(row) for row in connection.execute(Thing.__table__.select()).mappings()]


@pytest.fixture(scope="session")
def fields() -> Any:
    """What trees may ask of a thing."""
    return FIELDS
