"""What the queue hears of after the commit: kind and number of effects that are due."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.effects import Effect, State
from app.models.webhooks import Event

MOST = 100
"""Effects of one kind that the queue hears of after one commit."""
HINTS = {Event.__effect__: 1}
"""The same for kinds of their own: all events that are due are published together."""


def is_quiet(session: Session) -> bool:
    """Tell whether what the session writes was brought about already: it is made up for a demonstration."""
    return bool(session.info.get("published"))


def new_effect(session: Session) -> dict[str, Any]:
    """Return what the columns of a new effect hold: it is due now, or was brought about already."""
    moment, quiet = now(), is_quiet(session)
    return {
        "state": State.DONE if quiet else State.WAITING,
        "due_at": moment,
        "done_at": moment if quiet else None,
    }


def collect(session: Session, effect: Effect) -> None:
    """Remember an effect flushed by the session, if it is due."""
    if effect.state is State.WAITING and effect.due_at <= now() and not is_quiet(session):
        hint(session, type(effect).__effect__, effect.id)  # type: ignore[attr-defined]


def hint(session: Session, kind: str, row: int) -> None:
    """Let the queue hear, after the commit, that `row` of `kind` is due.

    Of very many it hears of the first: the sweep finds the others, and what else is due comes in between.
    """
    kinds: dict[str, list[int]] = session.info.setdefault("effects", {})
    waiting = kinds.setdefault(kind, [])
    if len(waiting) < HINTS.get(kind, MOST):
        waiting.append(row)


def taken(session: Session) -> list[tuple[str, int]]:
    """Return and forget the effects to be told to the queue."""
    waiting: dict[str, list[int]] = session.info.pop("effects", {})
    return [(kind, row) for kind, rows in waiting.items() for row in rows]
