"""Extensions, made unbound; the factory binds them to an application."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from flask import current_app
from flask_appbuilder import Model
from flask_appbuilder.models.sqla.base import SQLA
from flask_wtf import CSRFProtect
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.queue import EnqueueData
from rq.serializers import JSONSerializer

log = logging.getLogger(__name__)

EFFECTS = "effects"
QUEUES = {"job": "bulk"}
"""The queue of each kind of effect that is not in the one called `effects`."""

FEW = 4
"""Short effects that the queue hears of as one job: what a deed leads to costs no more than one of them."""

PAUSE = 5.0
"""Seconds for which Redis is not asked again after it failed."""

db = SQLA(metadata=Model.metadata, session_options={"autoflush": False, "expire_on_commit": False})
"""The session; on the metadata of Flask-AppBuilder, so that its tables are ours to migrate.

Nothing is flushed but by a service's own `flush` or the commit: a mere SELECT can then never raise a
rule's error while a form is still being filled."""
csrf = CSRFProtect()


def redis() -> Redis:
    """Return the application's Redis connection (bytes in, bytes out)."""
    connection: Redis = current_app.extensions["frontdesk_redis"]
    return connection


def queue(name: str) -> Queue:
    """Return the RQ queue `effects` or `bulk`. Arguments travel as JSON: ids only."""
    return Queue(name, connection=redis(), serializer=JSONSerializer, default_timeout=300)


def enqueue(effects: Sequence[tuple[str, int]]) -> None:
    """Tell the queue of effects `(kind, id)`. Without Redis nothing is lost: the sweep finds them.

    After a failure Redis is left alone for `PAUSE` seconds, so that requests stay fast while it is away.
    """
    state = current_app.extensions
    if not effects or time.monotonic() < state.get("frontdesk_redis_pause", 0.0):
        return
    told: dict[str, list[tuple[str, int]]] = {}
    for kind, row in effects:
        told.setdefault(QUEUES.get(kind, EFFECTS), []).append((kind, row))
    try:
        for name, some in told.items():
            few = FEW if name == EFFECTS else 1
            hints = [_hint(some[place : place + few]) for place in range(0, len(some), few)]
            queue(name).enqueue_many(hints)
    except RedisError:
        state["frontdesk_redis_pause"] = time.monotonic() + PAUSE
        log.warning("Redis is away; %d effects wait for the sweep.", len(effects))


def _hint(some: Sequence[tuple[str, int]]) -> EnqueueData:
    kind, row = some[0]
    # Long work gives itself new hints while it runs, so theirs need names of their own.
    name = None if kind in QUEUES else f"{kind}-{row}-1"
    return Queue.prepare_data(
        "app.jobs.effects.run",
        args=[word for effect in some for word in effect],
        job_id=name,
        result_ttl=0,
        failure_ttl=3600,
    )
