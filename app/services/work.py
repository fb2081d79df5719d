"""Work in the background: how much waits, since when, what failed, and which processes live."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redis.exceptions import RedisError
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.access import Actor, require, visible
from app.core.clock import now
from app.core.declare import Can
from app.core.extensions import QUEUES, queue, redis
from app.models.effects import State
from app.models.jobs import OPEN, Job, JobState
from app.models.mails import Mail
from app.models.webhooks import Delivery, Event

BEATS = "frontdesk:worker:"
"""Keys of living processes: `frontdesk:worker:effects:<host>:<pid>`."""
NAMES = ("effects", *dict.fromkeys(QUEUES.values()))
KINDS: Mapping[str, Any] = {"jobs": Job, "events": Event, "deliveries": Delivery, "mails": Mail}
"""What waits, by the word that names it on the page."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """One kind of work as the database knows it, which is the truth; `oldest` is when the first was due."""

    model: Any
    waiting: int
    oldest: dt.datetime | None
    failed: int
    parked: int


@dataclass(frozen=True, slots=True)
class Work:
    """All of it. Without Redis `queues` and `workers` are None."""

    backlogs: Mapping[str, Backlog]
    queues: Mapping[str, int] | None
    workers: tuple[str, ...] | None


def work(session: Session, actor: Actor) -> Work:
    """Return what waits and who works, in one statement a kind. Raises NotFound."""
    for model in KINDS.values():
        require(actor, Can.READ, model)
    backlogs = {name: _backlog(session, actor, model) for name, model in KINDS.items()}
    try:
        beats = sorted(key.decode().removeprefix(BEATS) for key in redis().scan_iter(f"{BEATS}*", count=1000))
        return Work(backlogs, {name: queue(name).count for name in NAMES}, tuple(beats))
    except RedisError:
        return Work(backlogs, None, None)


def _backlog(session: Session, actor: Actor, model: Any) -> Backlog:
    open_, failed, parked = (
        (OPEN, JobState.FAILED, JobState.PARKED)
        if model is Job
        else ((State.WAITING,), State.FAILED, State.PARKED)
    )
    due = model.state.in_(open_) & (model.due_at <= now())
    row = session.execute(
        select(
            func.count(case((due, 1))),
            func.min(case((due, model.due_at))),
            func.count(case((model.state == failed, 1))),
            func.count(case((model.state == parked, 1))),
        ).where(model.state.in_((*open_, failed, parked)), visible(actor, model))
    ).one()
    return Backlog(model, *row)
