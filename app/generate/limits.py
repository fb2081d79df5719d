"""Limits on every path that tests a secret, counted in Redis for all processes together."""

from __future__ import annotations

import hashlib
import logging

from flask import request
from redis.exceptions import RedisError

from app.core.errors import TooMany
from app.core.extensions import redis

log = logging.getLogger(__name__)

WINDOW = 15 * 60
"""Seconds over which failures are counted."""
PER_ACCOUNT = 10
PER_ADDRESS = 100


def refuse_if_limited(path: str, account: str | None) -> None:
    """Raise TooMany if this account or address failed too often within the window."""
    try:
        counted = redis().mget(_keys(path, account))
        limits = (PER_ACCOUNT, PER_ADDRESS)
        if any(int(count or 0) >= limit for count, limit in zip(counted, limits, strict=True)):
            raise TooMany(max(redis().ttl(key) for key in _keys(path, account)))
    except RedisError:
        log.warning("Redis is away: failures on %s are not counted.", path)


def count_failure(path: str, account: str | None) -> None:
    """Count one failed try of this account from this address."""
    try:
        pipe = redis().pipeline()
        for key in _keys(path, account):
            pipe.incr(key)
            pipe.expire(key, WINDOW, nx=True)
        pipe.execute()
    except RedisError:
        log.warning("Redis is away: failures on %s are not counted.", path)


def _keys(path: str, account: str | None) -> list[str]:
    name = hashlib.sha256((account or "").strip().casefold().encode()).hexdigest()[:32]
    return [f"frontdesk:limit:{path}:account:{name}", f"frontdesk:limit:{path}:address:{request.remote_addr}"]
