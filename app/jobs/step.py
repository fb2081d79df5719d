"""What one batch of a job came to."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from app.services.bulk import Failure

T = TypeVar("T")

SECONDS = 0.5
"""How long a batch may take before it commits: so long a cancelled job goes on at most."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One batch: where the next begins, rows done, rows that failed, whether that was all."""

    cursor: int
    done: int = 0
    failures: list[Failure] = field(default_factory=list)
    over: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    """Further columns of the job."""


def while_time(items: Iterable[T]) -> Iterator[T]:
    """Yield items as long as a batch may take, at least one."""
    until = time.monotonic() + SECONDS
    for item in items:
        yield item
        if time.monotonic() > until:
            return
