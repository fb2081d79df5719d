"""`doctor`: is everything there that the desk needs, and if not, what to do about it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click
from flask import current_app
from flask.cli import with_appcontext
from redis.exceptions import RedisError
from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError

from app.core.extensions import db, redis

Finding = tuple[bool, str]


@click.command()
@with_appcontext
def doctor() -> None:
    """Look at servers, roles, languages and keys. Exits with 1 if something needs a hand."""
    fine = True
    for check in CHECKS:
        for good, words in check():
            fine = fine and good
            click.echo(f"{'ok  ' if good else 'FIX '} {words}")
    raise SystemExit(0 if fine else 1)


def _database() -> Iterator[Finding]:
    try:
        version = db.session().scalar(text("SHOW server_version"))
    except SQLAlchemyError as error:
        reason = str(error.__cause__ or error).splitlines()[0]
        yield False, f"PostgreSQL does not answer: {reason}. Check DATABASE_URL."
        return
    major = int(str(version).split(".", maxsplit=1)[0])
    yield major >= 17, f"PostgreSQL {version} (17 or newer is needed)"
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
            "One role does everything: the audit log is append-only by trigger. Set MIGRATE_DATABASE_URL.",
        )
    else:
        yield True, f"Two database roles: {owner} owns, {role} works"
    superuser = db.session().scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
    yield not superuser, "The application is not a superuser of the database"


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


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (_database, _roles, _redis, _mail)
