"""What travels by COPY arrives as an INSERT would have written it, and is refused for the same reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    DateTime,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    event,
    func,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import DataError, IntegrityError

from app.core.extensions import db

THINGS = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("words", Text),
    Column("body", JSONB),
    Column("moment", DateTime(timezone=True)),
    Column("price", Numeric(20, 4)),
    Column("is_done", Boolean, default=False),
    prefixes=["TEMPORARY"],
)
WORDS = st.none() | st.sampled_from(["", "\\N", "a\tb\\", "line\nline\r", "Ö'\"%s %(id)s", "NULL"])
ROWS = st.fixed_dictionaries(
    {
        "words": WORDS,
        "body": st.none() | st.dictionaries(st.sampled_from(["a", "\n"]), WORDS | st.integers(0, 9)),
        "moment": st.none() | st.just(dt.datetime(2026, 3, 2, 12, 30, 1, 5, dt.UTC)),
        "price": st.none() | st.sampled_from([Decimal("0.1000"), Decimal("-9999999999.9999")]),
    }
)


@pytest.fixture
def connection(app: Flask) -> Iterator[Connection]:
    """A connection of the application on which there are things; they end with it."""
    with app.app_context(), db.engine.connect() as made:
        THINGS.create(made)
        yield made


@pytest.fixture
def copied(connection: Connection) -> Iterator[list[str]]:
    """What was sent to the database as an INSERT of many rows."""
    sent: list[str] = []

    def note(_connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append("copied" if (cursor.statusmessage or "").startswith("COPY") else statement)

    event.listen(connection, "after_cursor_execute", note)
    yield sent
    event.remove(connection, "after_cursor_execute", note)


@given(st.lists(ROWS, min_size=2, max_size=4))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_arrives_as_inserted(
    connection: Connection, copied: list[str], rows: list[dict[str, Any]]
) -> None:
    copied.clear()
    connection.execute(insert(THINGS), [{"id": number} | row for number, row in enumerate(rows)])
    assert copied == ["copied"]
    for number, row in enumerate(rows):
        connection.execute(insert(THINGS).values(id=number + len(rows), **row))
    found = [row[1:] for row in connection.execute(select(THINGS).order_by(THINGS.c.id))]
    assert found[: len(rows)] == found[len(rows) :]
    connection.execute(THINGS.delete())


@pytest.mark.parametrize(
    ("rows", "error"),
    [([{"id": 1}, {"id": 1}], IntegrityError), ([{"id": 1}, {"id": 2**40}], DataError)],
)
def test_it_is_refused_as_inserted(connection: Connection, rows: list[dict[str, Any]], error: type) -> None:
    with pytest.raises(error):
        connection.execute(insert(THINGS), rows)


def test_what_says_more_than_values_goes_its_own_way(connection: Connection, copied: list[str]) -> None:
    rows = [{"id": 1, "words": "a"}, {"id": 2, "words": "b"}]
    connection.execute(insert(THINGS).values(words=func.upper("x")), [{"id": 1}, {"id": 2}])
    connection.execute(upsert(THINGS).on_conflict_do_nothing(), rows)
    assert connection.scalars(insert(THINGS).returning(THINGS.c.id), [{"id": 3}, {"id": 4}]).all() == [3, 4]
    assert "copied" not in copied
    assert connection.scalars(select(THINGS.c.words).order_by(THINGS.c.id)).all() == ["X", "X", None, None]
