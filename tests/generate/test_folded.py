"""Texts are found by index, however they are compared: a hundred thousand rows are not folded to find one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_appbuilder import Model
from sqlalchemy import Connection, create_engine, select, text
from sqlalchemy.dialects import postgresql

from app.access import SYSTEM
from app.core.extensions import db
from app.criteria import where
from app.fields import fields_of
from app.generate import listing
from app.models.customers import Customer

FILL = """
    INSERT INTO customers (name, email, created_at, updated_at)
    SELECT 'Person ' || md5(n::text), md5(n::text) || '@example.com', now(), now()
    FROM generate_series(1, 100000) AS n
"""
NAMES = ("ix_customers_name_folded", "ix_customers_email_folded")
DEFINITION = "SELECT indexdef FROM pg_indexes WHERE indexname = :name"


@pytest.fixture(scope="module")
def owner(app: Flask) -> Iterator[Connection]:
    """Many customers, made by the owner of the tables in a transaction that is given up.

    An index is quicker built over rows that are there than row by row.
    """
    engine = create_engine(app.config["MIGRATE_DATABASE_URL"])
    with engine.connect() as connection:
        made = [connection.scalar(text(DEFINITION), {"name": name}) for name in NAMES]
        for statement in (f"DROP INDEX {', '.join(NAMES)}", FILL, *made, "ANALYZE customers"):
            connection.execute(text(str(statement)))
        yield connection
        connection.rollback()
    engine.dispose()


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def plan(connection: Connection, statement: Any) -> str:
    """What PostgreSQL would do, without doing it."""
    written = statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    return "\n".join(row[0] for row in connection.execute(text(f"EXPLAIN {written}".replace(":", r"\:"))))


@pytest.mark.parametrize(
    ("op", "value"),
    [
        ("is", "PERSON c4ca4238a0b923820dcc509a6f75849b"),
        ("one_of", ["PERSON c4ca4238a0b923820dcc509a6f75849b", "other one"]),
        ("starts_with", "person c4ca42"),
        ("contains", "Ca4238A0"),
        ("ends_with", "6F75849b"),
    ],
)
def test_conditions_on_texts_use_the_index(owner: Connection, op: str, value: Any) -> None:
    fields = fields_of(db.session(), Customer)
    clause = where({"field": "name", "op": op, "value": value}, fields, Customer)
    statement = select(Customer.id).where(clause)
    assert "ix_customers_name_folded" in plan(owner, statement)
    assert len(owner.execute(statement).all()) == 1


def test_searches_of_lists_and_pickers_use_both_indexes(owner: Connection) -> None:
    question = listing.Question(order="name", q="C4CA4238", columns=("name",))
    fields = fields_of(db.session(), Customer)
    statement = listing.filtered(db.session(), SYSTEM, Customer, fields, question).with_only_columns(
        Customer.id
    )
    found = plan(owner, statement)
    assert "ix_customers_name_folded" in found
    assert "ix_customers_email_folded" in found
    assert len(owner.execute(statement).all()) == 1


def test_every_folded_column_has_its_index(owner: Connection) -> None:
    """What models state is what migrations made."""
    asked = text("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%frontdesk_fold(%gin_trgm_ops%'")
    indexes = (index for table in Model.metadata.tables.values() for index in table.indexes)
    stated = {str(index.name) for index in indexes if str(index.name).endswith("_folded")}
    assert set(owner.scalars(asked)) == stated
