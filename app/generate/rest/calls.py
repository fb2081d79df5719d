"""The log of calls: noted in Redis after each answer, kept in the database off the path of the request."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response, current_app, g, request
from redis.exceptions import RedisError

from app.access import ActorKind
from app.core.clock import now
from app.core.extensions import PAUSE, redis
from app.fields import FieldSet, Kind, Refused
from app.generate.errors import is_api

log = logging.getLogger(__name__)

LIST = "frontdesk:api_calls"
MOST = 100_000
"""Calls that wait in Redis at most; the oldest are dropped when nobody takes them away."""
MEMBERS = 50
"""Members of one payload that are noted."""
TELLING = frozenset({Kind.SELECT, Kind.BOOLEAN, Kind.INTEGER, Kind.REFERENCE, Kind.DATE, Kind.DATETIME})
"""Kinds whose values say nothing personal. Of all others only the name of the member is noted."""
REDACTED = "[redacted]"


def note(response: Response) -> Response:
    """Note the call that `response` answers. Without Redis it is not noted, and is answered all the same."""
    state = current_app.extensions
    if not is_api() or time.monotonic() < state.get("frontdesk_redis_pause", 0.0):
        return response
    try:
        pipe = redis().pipeline(transaction=False)
        pipe.rpush(LIST, orjson.dumps(_entry(response)))
        pipe.ltrim(LIST, -MOST, -1)
        pipe.execute()
    except RedisError:
        state["frontdesk_redis_pause"] = time.monotonic() + PAUSE
        log.warning("Redis is away: calls of the API are not logged.")
    return response


def redacted(body: Mapping[str, Any], fields: FieldSet | None) -> dict[str, Any]:
    """Return the members of a body without texts: those, secrets and custom values are named, never shown."""
    members = list(body.items())[:MEMBERS]
    return {name[:60]: value if _tells(fields, name, value) else REDACTED for name, value in members}


def _tells(fields: FieldSet | None, name: str, value: Any) -> bool:
    if fields is None or name not in fields or fields[name].secret or fields[name].kind not in TELLING:
        return False
    try:
        fields[name].parse(value)
    except Refused:  # whatever it is, it is not what it should be
        return False
    return True


def _entry(response: Response) -> dict[str, Any]:
    actor = g.get("actor")
    is_key = actor is not None and actor.kind is ActorKind.KEY
    return {
        "api_key_id": actor.id if is_key else None,
        "endpoint_accessed": (request.url_rule.rule if request.url_rule else request.path)[:200],
        "request_payload": g.get("api_payload"),
        "response_code": response.status_code,
        "method": request.method[:10],
        "duration_ms": round((time.perf_counter() - g.started) * 1000),
        "request_id": g.get("request_id"),
        "ip": request.remote_addr,
        "created_at": now().isoformat(),
    }
