"""Equal time for what is known and what is not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

EVEN = 0.15
"""Seconds that looking for an address takes at least: longer than making a link and its mail does."""


@contextmanager
def evenly() -> Iterator[None]:
    """Let what is done inside take as long for an unknown address, so that its length tells nothing."""
    end = time.monotonic() + EVEN
    yield
    time.sleep(max(0.0, end - time.monotonic()))
