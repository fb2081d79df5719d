"""When to try again: the ladder of waits after each failed try."""

from __future__ import annotations

import datetime as dt
import random
from email.utils import parsedate_to_datetime

from app.core.clock import now

SECOND, MINUTE, HOUR, DAY = 1, 60, 3600, 86400
LADDER = (
    10 * SECOND,
    30 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    1 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    *(4 * (DAY,)),
)
"""Seconds to wait after the first, second … failed try; after the last rung nothing is tried again."""

JITTER = 0.2
"""Each wait is up to a fifth shorter or longer, so that what failed together does not return together."""


def next_due(attempt: int, retry_after: str | None = None) -> dt.datetime | None:
    """Return when to try again after try number `attempt` (from 1) failed, or None after the last.

    `retry_after` is the receiver's header of that name (RFC 9110: seconds or a date). It makes the wait
    longer, never shorter, and at most a day long.
    """
    if attempt > len(LADDER):
        return None
    wait = LADDER[attempt - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  not a secret
    return now() + dt.timedelta(seconds=max(wait, min(_asked(retry_after), DAY)))


def _asked(retry_after: str | None) -> float:
    """Return the seconds that a receiver asks for; 0 where it does not, or not in a readable form."""
    if not retry_after:
        return 0
    if retry_after.strip().isdecimal():
        return float(retry_after.strip()[:9])
    try:
        return (parsedate_to_datetime(retry_after).astimezone(dt.UTC) - now()).total_seconds()
    except ValueError:
        return 0
