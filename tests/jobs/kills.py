"""A worker that is killed -9 at points drawn by lot, again and again, until its job has ended."""

from __future__ import annotations

import itertools
import os
import random
import signal

from sqlalchemy import event

from app.core.clock import now
from app.core.extensions import db
from app.jobs import long
from app.jobs.unit import unit
from app.models.jobs import Job
from tests.jobs.conftest import change as set_columns

STATEMENTS = 60
"""Statements and commits after which a worker is dead at the latest: a few batches."""


def read(job: int) -> Job:
    with unit() as session:
        return session.get_one(Job, job)


def killed_again_and_again(job: int) -> int:
    """Work on a job in processes that are killed -9 at random points, until it ends; return how many were.

    Each dies before a statement or a commit drawn by lot, so the points do not depend on the machine's speed.
    """
    chance, kills = random.Random(7), 0
    while read(job).is_open:
        set_columns(Job, leased_until=None, attempts=0, due_at=now())  # as if the lease had run out
        last = chance.randrange(STATEMENTS)
        db.engine.dispose()
        child = os.fork()
        if child == 0:
            _work_until_killed(job, last)
        _pid, status = os.waitpid(child, 0)
        kills += os.WIFSIGNALED(status)
    return kills


def _work_until_killed(job: int, left: int) -> None:
    countdown = itertools.count(left, -1)

    def die(*_told: object) -> None:
        if next(countdown) <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(db.engine, "before_cursor_execute", die)
    event.listen(db.engine, "commit", die)
    try:
        long.run(job)
    finally:
        os._exit(0)
