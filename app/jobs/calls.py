"""Calls of the API, written off the path of the request: collected in Redis, kept in PostgreSQL."""

from __future__ import annotations

import logging
from typing import Any

import orjson
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.core.extensions import redis
from app.models.keys import ApiCall, ApiKey

log = logging.getLogger(__name__)

LIST = "frontdesk:api_calls"
"""The Redis list: each entry a JSON object of the columns of api_logs, `created_at` in ISO 8601."""

BATCH, BATCHES = 1000, 20
"""Entries kept in one statement, and statements in one go."""

CALLS = ApiCall.__table__
COLUMNS = frozenset(CALLS.c.keys()) - {"id"}


def keep_calls(session: Session) -> int:
    """Move collected calls into api_logs and return how many. Raises RedisError.

    They leave Redis before the commit ends, so a crash in between repeats or loses a few: this is a log of
    calls, not of changes.
    """
    kept = 0
    for _batch in range(BATCHES):
        raw: list[bytes] = redis().lrange(LIST, 0, BATCH - 1)  # type: ignore[assignment]
        if not raw:
            break
        rows = _known_keys(session, [row for entry in raw if (row := _row(entry))])
        if rows:
            session.connection().execute(insert(CALLS), rows)
        redis().ltrim(LIST, len(raw), -1)
        kept += len(rows)
    return kept


def _row(entry: bytes) -> dict[str, Any] | None:
    try:
        said = orjson.loads(entry)
    except orjson.JSONDecodeError:
        log.warning("An entry of %s is no JSON.", LIST)
        return None
    return {name: said.get(name) for name in COLUMNS}


def _known_keys(session: Session, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let calls of a key that was deleted meanwhile stand without it."""
    named = {row["api_key_id"] for row in rows}
    known = set(session.connection().scalars(select(ApiKey.id).where(ApiKey.id.in_(named))))
    return [row | {"api_key_id": row["api_key_id"] if row["api_key_id"] in known else None} for row in rows]
