"""A set with one field of every kind, and the tables of definitions in real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask_appbuilder.security.sqla.models import Role as LoginRole
from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable

from app import models
from app.fields import Field, FieldSet, Kind, Option
from app.models.access import DeskRole
from app.models.fields import FieldDefinition, revisions

models.load()
OPTIONS = (Option("basic", "Basic plan"), Option("Pro", "Pro plan"))


def a_field(kind: str, **facts: Any) -> Field:
    """Return a field of `kind`, named after it."""
    options = OPTIONS if "select" in kind else ()
    return Field(
        **{"name": f"a_{kind}", "kind": Kind(kind), "label": kind.title(), "options": options, **facts}
    )


@pytest.fixture(scope="session")
def fields() -> FieldSet:
    """Every kind once as a column and once as a custom field."""
    custom = [a_field(kind, name=f"custom_fields.a_{kind}") for kind in Kind]
    return FieldSet("things", 1, [*map(a_field, Kind), *custom])


@pytest.fixture
def session(blank_database: str) -> Iterator[Session]:
    """A transaction with the tables of definitions, and of the roles that are options."""
    engine = create_engine(blank_database, poolclass=NullPool)
    with engine.connect() as connection:
        for table in (LoginRole.__table__, DeskRole.__table__, FieldDefinition.__table__, revisions):
            connection.execute(CreateTable(table))  # their indexes ask for functions of the migrations
        connection.execute(revisions.insert().values(name="schema_definitions", number=1))
        yield Session(connection, autoflush=False, join_transaction_mode="create_savepoint")
        connection.rollback()
