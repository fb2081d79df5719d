"""Whether the process serves (`/healthz`), and whether all it needs does (`/readyz`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

import orjson
from flask import Response, current_app
from redis.exceptions import RedisError
from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import now
from app.core.extensions import db, redis
from app.views.home.blueprint import blueprint

BEATS, FADES = "frontdesk:worker:", 15
"""Keys of living processes (`frontdesk:worker:effects:<host>:<pid>`), and the seconds until they fade."""
NAMED = re.compile(r'^(?:down_)?revision = "(\w+)"', re.MULTILINE)
"""A migration, and the one before it."""
WORKS = ("effects", "bulk", "schedule")
"""The processes without which something is left undone."""


class Unready(Exception):
    """Something the desk needs is not as it should be; the message says what to look at."""


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer as soon as this process serves; asks nobody else."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Check database, migrations, Redis and heartbeats: 200 if all is well, else 503 and what is not."""
    checks = {name: _tried(check) for name, check in CHECKS.items()}
    ready = all(check["state"] == "ok" for check in checks.values())
    body = {"state": "ok" if ready else "failed", "time": now(), "checks": checks}
    return Response(orjson.dumps(body), 200 if ready else 503, mimetype="application/json")


def _tried(check: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    started = perf_counter()
    try:
        found = {"state": "ok", **check()}
    except (Unready, RedisError, SQLAlchemyError) as problem:
        db.session.rollback()
        said = str(problem) if isinstance(problem, Unready) else "It does not answer."
        found = {"state": "failed", "detail": said}
    return found | {"milliseconds": round(1000 * (perf_counter() - started), 1)}


def _database() -> dict[str, Any]:
    db.session().execute(text("SELECT 1"))
    owner, role = (
        make_url(current_app.config[name]).username for name in ("MIGRATE_DATABASE_URL", "DATABASE_URL")
    )
    kept = "append-only by trigger only: one database role owns and uses the tables"
    return {"audit": kept if owner == role else "append-only by privilege and trigger"}


def _migrations() -> dict[str, Any]:
    present = db.session().scalar(text("SELECT version_num FROM alembic_version"))
    if present != _head():
        raise Unready(f"The database is at {present}, the program at {_head()}. Run `migrate`.")
    return {"version": present}


@cache
def _head() -> str:
    """Return the newest migration there is: the only one that none comes after, so named but once.

    Alembic would be a tenth of what a web process holds.
    """
    files = Path(current_app.root_path).parent.glob("migrations/versions/*.py")
    named: Counter[str] = Counter(
        name for file in files for name in NAMED.findall(file.read_text(encoding="utf-8"))
    )
    return min(named, key=named.__getitem__)


def _redis() -> dict[str, Any]:
    redis().ping()
    return {}


def _workers() -> dict[str, Any]:
    names = sorted(key.decode() for key in redis().scan_iter(match=f"{BEATS}*", count=1000))
    beats = {name.removeprefix(BEATS): _age(name) for name in names}
    missing = [work for work in WORKS if not any(name.startswith(f"{work}:") for name in beats)]
    if missing:
        raise Unready(f"No heartbeat of {', '.join(missing)}. Start `worker` and `schedule`.")
    return {"seconds_since_heartbeat": beats}


def _age(name: str) -> float:
    left = redis().pttl(name)
    return round(max(0.0, FADES - max(0, int(left)) / 1000), 1)


CHECKS: dict[str, Callable[[], dict[str, Any]]] = {
    "database": _database,
    "migrations": _migrations,
    "redis": _redis,
    "workers": _workers,
}
