"""`doctor`: is everything there that the desk needs, and if not, what to do about it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click
from flask import current_app
from flask.cli import with_appcontext
from redis.exceptions import RedisError
from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import now
from app.core.extensions import db, redis
from app.models.audit import AuditBlock, AuditLog

Finding = tuple[bool, str]

LATE = 300
"""Seconds an audit row waits for its seal at most, unless a transaction is as long or nobody seals."""

UNSEALED = select(func.min(AuditLog.created_at)).where(
    AuditLog.id > select(func.coalesce(func.max(AuditBlock.last_id), 0)).scalar_subquery()
)


@click.command()
@with_appcontext
def doctor() -> None:
    """Look at servers, roles, languages and keys. Exits with 1 if something needs a hand."""
    fine = True
    for check in CHECKS:
        for good, words in _looked(check):
            fine = fine and good
            click.echo(f"{'ok  ' if good else 'FIX '} {words}")
    raise SystemExit(0 if fine else 1)


def _looked(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Look, each time in a transaction of its own; what the database refuses is a finding too."""
    try:
        yield from check()
    except SQLAlchemyError as error:
        about = check.__name__.strip("_").replace("_", " ")
        yield False, f"Looking at {about} failed: {_reason(error)}. Check DATABASE_URL."
    finally:
        db.session.remove()


def _reason(error: SQLAlchemyError) -> str:
    return str(error.__cause__ or error).splitlines()[0].rstrip(".")


def _database() -> Iterator[Finding]:
    try:
        version = db.session().scalar(text("SHOW server_version"))
    except SQLAlchemyError as error:
        yield False, f"PostgreSQL does not answer: {_reason(error)}. Check DATABASE_URL."
        return
    major = int(str(version).split(".", maxsplit=1)[0])
    yield major >= 17, f"PostgreSQL {version} (17 or newer is needed)"


def _tables() -> Iterator[Finding]:
    if db.session().scalar(text("SELECT to_regclass('audit_blocks')")):
        yield True, "The tables are there"
    else:
        yield False, "Tables are missing. Run `python3 run.py migrate`."


def _search() -> Iterator[Finding]:
    if not db.session().scalar(text("SELECT to_regproc('show_trgm')")):
        yield False, "The extension pg_trgm is not there yet. Run `python3 run.py migrate`, which makes it."
        return
    trigrams = db.session().scalar(text("SELECT cardinality(show_trgm('日本語')) > 1"))
    yield (
        bool(trigrams),
        "Search sees letters beyond ASCII (initdb with --lc-ctype=C.UTF-8 or en_US.UTF-8 if not)",
    )


def _roles() -> Iterator[Finding]:
    owner, role = (
        make_url(current_app.config[name]).username for name in ("MIGRATE_DATABASE_URL", "DATABASE_URL")
    )
    if owner == role:
        yield (
            False,
            "One role does all: the audit log is append-only by trigger only. Set MIGRATE_DATABASE_URL.",
        )
    else:
        yield True, f"Two database roles: {owner} owns, {role} works"
    superuser = db.session().scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
    yield not superuser, "The application is not a superuser of the database"


def _audit() -> Iterator[Finding]:
    if not db.session().scalar(text("SELECT to_regclass('audit_blocks')")):
        return
    waits = db.session().scalar(UNSEALED)
    age = (now() - waits).total_seconds() if waits else 0
    yield (
        age < LATE,
        f"The audit log is sealed but for the last {age:.0f} s (start `schedule` if more than {LATE} s)",
    )


def _redis() -> Iterator[Finding]:
    try:
        info = redis().info("persistence")
    except RedisError as error:
        yield False, f"Redis does not answer: {error}. Check REDIS_URL."
        return
    yield bool(info.get("aof_enabled")), "Redis keeps an append-only file (appendonly yes)"


def _mail() -> Iterator[Finding]:
    yield (
        True,
        "Mail goes out by SMTP_URL"
        if current_app.config["SMTP_URL"]
        else "No SMTP_URL: mails are kept at /console/mails/",
    )


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _database,
    _tables,
    _search,
    _roles,
    _audit,
    _redis,
    _mail,
)
