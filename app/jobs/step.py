"""What the kinds of long work have in common: they go in batches, and each batch says what it came to."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.access import Actor
from app.core.i18n import Text
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
    refusal: Text = ""
    """Why the job ends here as one that failed; what the batch wrote stays."""


class Work(ABC):
    """The work of one leased job, as long as one worker has it."""

    can_rest = True
    """Whether it can stop between two batches and be gone on with by another worker."""

    def __init__(self, row: Row[Any]) -> None:
        self.row = row

    @abstractmethod
    def batch(self, session: Session, actor: Actor, job: Row[Any]) -> Step:
        """Do what comes after the cursor of `job`, as it stands now, in the transaction of `session`."""

    def end(self, session: Session, actor: Actor, job: Row[Any]) -> dict[str, Any]:  # noqa: ARG002  most have nothing to add
        """Return what is to be written of the job besides, after its last batch and in its transaction."""
        return {}

    def close(self) -> None:  # noqa: B027  most hold nothing open
        """Let go of what is held open."""


def while_time(items: Iterable[T]) -> Iterator[T]:
    """Yield items as long as a batch may take, at least one."""
    until = time.monotonic() + SECONDS
    for item in items:
        yield item
        if time.monotonic() > until:
            return
