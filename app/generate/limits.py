"""Limits on every path that tests a secret, counted in Redis for all processes together.

A try is counted before it is made and given back if it succeeds, so that a hundred at once are still no more
than ten wrong ones. While Redis is away each process counts for itself.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import threading
import time
from collections.abc import Iterable
from typing import Any

from flask import current_app, request
from redis import Redis
from redis.exceptions import RedisError

from app.core.errors import TooMany
from app.core.extensions import PAUSE, redis

log = logging.getLogger(__name__)

WINDOW = 15 * 60
"""Seconds over which tries are counted, from the first one."""
PER_ACCOUNT = 10
PER_ADDRESS = 100

COUNT = """
for place, key in ipairs(KEYS) do
  local count = redis.call('INCR', key)
  if count == 1 then redis.call('EXPIRE', key, ARGV[1]) end
  if count > tonumber(ARGV[place + 1]) then return math.max(1, redis.call('TTL', key)) end
end
return 0
"""
"""Counts one key after the other and answers the seconds to wait at the first one that is full, else 0."""
GIVE_BACK = """
for _, key in ipairs(KEYS) do
  if redis.call('EXISTS', key) == 1 then redis.call('DECR', key) end
end
"""

Limits = dict[str, int]
"""How many tries each key allows; the address first, so that a full one touches no account."""


def count_try(path: str, account: str | None = None) -> None:
    """Count a try on `path` before it is made, for the address and perhaps an account. Raises TooMany."""
    limits = _limits(path, account)
    wait = _run(COUNT, limits, WINDOW, *limits.values())
    if wait is None:
        wait = _alone().count(limits)
    if wait:
        raise TooMany(wait)


def give_back(path: str, account: str | None = None) -> None:
    """Take back the try that was counted: it was right."""
    limits = _limits(path, account)
    if _run(GIVE_BACK, limits) is None:
        _alone().give_back(limits)


class Alone:
    """The counts of one process, for as long as Redis is away."""

    MOST = 10_000
    """Keys that are kept; beyond, those of ended windows are dropped."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def count(self, limits: Limits) -> int:
        """Count one key after the other; return the seconds to wait at the first that is full, else 0."""
        with self._lock:
            self._drop_ended()
            for key, limit in limits.items():
                count, end = self._counts.get(key, (0, 0.0))
                left = end - time.monotonic()
                count, end = (count + 1, end) if left > 0 else (1, time.monotonic() + WINDOW)
                self._counts[key] = count, end
                if count > limit:
                    return max(1, round(left))
        return 0

    def give_back(self, keys: Iterable[str]) -> None:
        """Take back one try of each key."""
        with self._lock:
            for key in keys:
                count, end = self._counts.get(key, (0, 0.0))
                self._counts[key] = max(0, count - 1), end

    def _drop_ended(self) -> None:
        if len(self._counts) > self.MOST:
            ends = time.monotonic()
            self._counts = {key: kept for key, kept in self._counts.items() if kept[1] > ends}


def _run(script: str, limits: Limits, *arguments: int) -> Any:
    """Run a script on the keys; None while Redis is away, which is asked again after a pause only."""
    state = current_app.extensions
    if time.monotonic() < state.get("frontdesk_redis_pause", 0.0):
        return None
    connection: Redis = redis()
    try:
        return connection.eval(script, len(limits), *limits, *map(str, arguments)) or 0
    except RedisError:
        state["frontdesk_redis_pause"] = time.monotonic() + PAUSE
        log.warning("Redis is away: each process counts tries for itself.")
        return None


def _alone() -> Alone:
    counts: Alone = current_app.extensions.setdefault("frontdesk_limits_alone", Alone())
    return counts


def _network(address: str | None) -> str:
    """Return the address that is counted; of IPv6 the network of one subscriber, who has 2^64 addresses."""
    try:
        known = ipaddress.ip_address(address or "")
    except ValueError:  # a socket of this machine has none
        return str(address)
    return str(ipaddress.ip_network((known, 64), strict=False) if known.version == 6 else known)


def _limits(path: str, account: str | None) -> Limits:
    limits = {f"frontdesk:limit:{path}:address:{_network(request.remote_addr)}": PER_ADDRESS}
    if account is not None:
        name = hashlib.sha256(account.strip().casefold().encode("utf-8", "replace")).hexdigest()[:32]
        limits[f"frontdesk:limit:{path}:account:{name}"] = PER_ACCOUNT
    return limits
