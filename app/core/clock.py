"""One clock for the whole program, so that tests and demo data can set the time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_set: ContextVar[dt.datetime | None] = ContextVar("frontdesk_clock", default=None)


def now() -> dt.datetime:
    """Return the present moment as an aware UTC datetime, or the moment set by `frozen`."""
    return _set.get() or dt.datetime.now(dt.UTC)  # noqa: TID251  the one place that may ask the machine


@contextmanager
def frozen(moment: dt.datetime) -> Iterator[None]:
    """Let the clock stand at `moment` (aware) inside the block; blocks nest."""
    token = _set.set(moment)
    try:
        yield
    finally:
        _set.reset(token)
