"""How many calls a caller may make in any minute, counted in Redis for all processes together.

The times of the calls of the last minute stand in a list; one script drops those that are older, and adds
another only where there is room. So no minute, wherever it begins, holds more than the limit.
"""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass

from flask import Response, current_app, g
from redis.exceptions import RedisError

from app.access import Actor
from app.core.clock import now
from app.core.errors import TooMany
from app.core.extensions import PAUSE, redis
from app.core.i18n import _
from app.generate.desk import desk

log = logging.getLogger(__name__)

WINDOW = 60_000
"""Milliseconds over which calls are counted."""

TAKE = """
local time, window, limit = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local first = redis.call('LINDEX', KEYS[1], 0)
while first and tonumber(first) <= time - window do
  redis.call('LPOP', KEYS[1])
  first = redis.call('LINDEX', KEYS[1], 0)
end
local used = redis.call('LLEN', KEYS[1])
local passes = used < limit
if passes then
  used = redis.call('RPUSH', KEYS[1], ARGV[1])
  redis.call('PEXPIRE', KEYS[1], window)
end
local leaves = redis.call('LINDEX', KEYS[1], math.max(0, used - limit))
return {passes and 1 or 0, limit - used, tonumber(leaves) + window - time}
"""
"""Answers whether the call passes, how many more would, and the milliseconds until one more has room."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What is left of a limit: `reset` is the number of seconds until one more call has room."""

    passes: bool
    limit: int
    remaining: int
    reset: int


def count(actor: Actor, limit: int | None) -> None:
    """Count a call of `actor`, of which `limit` may be made a minute (None: the desk's). Raises TooMany."""
    rate = g.rate = take(actor.label, limit or desk().api_rate)
    if rate is not None and not rate.passes:
        facts = {"limit": rate.limit, "seconds": rate.reset}
        raise TooMany(
            rate.reset, _("No more than %(limit)s calls a minute. Go on in %(seconds)s seconds.", **facts)
        )


def take(caller: str, limit: int) -> Rate | None:
    """Count one call if there is room for it. None while Redis is away: it passes and is not counted."""
    state = current_app.extensions
    if time.monotonic() < state.get("frontdesk_redis_pause", 0.0):
        return None
    key, moment = f"frontdesk:rate:{caller}", round(now().timestamp() * 1000)
    try:
        passes, remaining, wait = redis().eval(TAKE, 1, key, str(moment), str(WINDOW), str(limit))
    except RedisError:
        state["frontdesk_redis_pause"] = time.monotonic() + PAUSE
        log.warning("Redis is away: calls of the API are not limited.")
        return None
    return Rate(bool(passes), limit, max(0, remaining), max(1, math.ceil(wait / 1000)))


def tell(response: Response) -> Response:
    """Say in the headers of an answer what is left of its caller's limit."""
    rate: Rate | None = g.get("rate")
    if rate is not None:
        response.headers["RateLimit-Limit"] = str(rate.limit)
        response.headers["RateLimit-Remaining"] = str(rate.remaining)
        response.headers["RateLimit-Reset"] = str(rate.reset)
    return response
