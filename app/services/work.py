"""Work in the background: how much waits, since when, what failed, and which processes live."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redis.exceptions import RedisError
from sqlalchemy import case, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.access import Actor, require, visible
from app.core.clock import now
from app.core.declare import Can
from app.core.extensions import QUEUES, queue, redis
from app.core.i18n import Text, _
from app.models.effects import State
from app.models.jobs import OPEN, Job, JobState
from app.models.mails import Mail
from app.models.webhooks import Delivery, Event

BEATS = "frontdesk:worker:"
"""Keys of living processes: `frontdesk:worker:effects:<host>:<pid>`."""
WORKS: Mapping[str, Text] = {
    "web": _("Pages and the API"),
    "effects": _("Mails, webhooks and events"),
    "bulk": _("Long jobs and upkeep"),
    "schedule": _("What returns by the clock"),
}
"""What processes and queues work on, by the names they have in commands and keys."""
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


def worded(name: str) -> Text:
    """Return what the process or queue `name` works on."""
    return WORKS.get(name, name)


def work(session: Session, actor: Actor) -> Work:
    """Return what waits and who works, in one statement. Raises NotFound."""
    for model in KINDS.values():
        require(actor, Can.READ, model)
    counted = union_all(*(_backlog(actor, name, model) for name, model in KINDS.items()))
    told = {name: figures for name, *figures in session.execute(counted)}
    backlogs = {name: Backlog(model, *told[name]) for name, model in KINDS.items()}
    try:
        beats = sorted(key.decode().removeprefix(BEATS) for key in redis().scan_iter(f"{BEATS}*", count=1000))
        return Work(backlogs, {name: queue(name).count for name in NAMES}, tuple(beats))
    except RedisError:
        return Work(backlogs, None, None)


def _backlog(actor: Actor, name: str, model: Any) -> Any:
    open_, failed, parked = (
        (OPEN, JobState.FAILED, JobState.PARKED)
        if model is Job
        else ((State.WAITING,), State.FAILED, State.PARKED)
    )
    due = model.state.in_(open_) & (model.due_at <= now())
    return select(
        literal(name),
        func.count(case((due, 1))),
        func.min(case((due, model.due_at))),
        func.count(case((model.state == failed, 1))),
        func.count(case((model.state == parked, 1))),
    ).where(model.state.in_((*open_, failed, parked)), visible(actor, model))
