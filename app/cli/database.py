"""`migrate`: the tables, what the application's role may do with them, and the grants."""

from __future__ import annotations

from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Connection, Engine, NullPool, create_engine, make_url, text

from app import models
from app.access import grants
from app.core.extensions import db
from app.models.audit import AuditBlock, AuditLog

APPEND_ONLY = (AuditLog.__tablename__, AuditBlock.__tablename__)
"""Tables on which the application may read and add, nothing else."""


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database up to date: tables, privileges of the application's role, declared grants."""
    migrations().upgrade(directory=f"{current_app.root_path}/../migrations")
    with owner().begin() as connection:
        _privileges(connection)
        written = grants.sync(connection, models.load())
    click.echo(f"The database is up to date; {written} grants were written.")


def migrations() -> Any:
    """Return Flask-Migrate, bound to this application.

    Only the commands that need it load it: with Alembic it would be a tenth of a web process.
    """
    import flask_migrate

    if "migrate" not in current_app.extensions:
        flask_migrate.Migrate(current_app, db)
    return flask_migrate


def owner() -> Engine:
    """Return the database as the owner of its tables."""
    return create_engine(current_app.config["MIGRATE_DATABASE_URL"], poolclass=NullPool)


def _privileges(connection: Connection) -> None:
    """Let the application's role work with every table there is, and only add to the append-only ones.

    It runs after each migration, so a new table needs no statement of its own.
    """
    owns, role = (
        make_url(current_app.config[name]).username for name in ("MIGRATE_DATABASE_URL", "DATABASE_URL")
    )
    if role is None or role == owns:
        return
    name = connection.dialect.identifier_preparer.quote(role)
    logs = ", ".join(APPEND_ONLY)
    views = connection.scalars(text("SELECT matviewname FROM pg_matviews WHERE schemaname = 'public'")).all()
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {logs} FROM {name}",
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {name}",
        *(f"GRANT SELECT, MAINTAIN ON {view} TO {name}" for view in views),
    ):
        connection.execute(text(statement))
