"""What depends on an actor alone, kept between requests: statements, which cost more to build than to ask."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from app.access.actor import Actor

T = TypeVar("T")
MOST = 512
"""Actors remembered for each function."""


class _Same:
    """An actor as a key, equal to that of another request unless anything they may do has changed."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._facts = (actor.kind, actor.id, actor.role, actor.teams, actor.scopes)

    def __hash__(self) -> int:
        return hash(self._facts)

    def __eq__(self, other: object) -> bool:
        """Compare all there is; grants are read anew as a whole when one changes (`GrantBook`)."""
        return (
            isinstance(other, _Same)
            and self._facts == other._facts
            and self.actor.grants is other.actor.grants
        )


def per_actor(build: Callable[[Actor], T]) -> Callable[[Actor], T]:
    """Return `build`, which is called once for each actor. It may depend on nothing else."""
    kept = lru_cache(maxsize=MOST)(lambda same: build(same.actor))
    return lambda actor: kept(_Same(actor))
