"""Long work: one job in batches, each a transaction with its checkpoint in it.

A kill at any point loses at most the batch under way, and the next holder does that batch anew. After a
while a job makes room for others; the bulk queue has one worker for all.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from flask_babel import force_locale
from rq.exceptions import StopRequested
from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from app.core.errors import Problem, told_of
from app.core.extensions import enqueue
from app.fields import spoken
from app.jobs import lease, turn
from app.jobs.change import Change
from app.jobs.export import Export
from app.jobs.load import Load
from app.jobs.replay import Replay
from app.jobs.retype import Retype
from app.jobs.step import Work
from app.jobs.unit import settings, unit
from app.models.jobs import Job, JobFailure, JobKind, JobState
from app.record import act_as
from app.services.bulk import Failure

log = logging.getLogger(__name__)

SLICE = 20.0
"""Seconds after which a job lets others have their turn."""

KEPT = 10_000
"""Failures of one job that are kept; of further ones only the number."""

JOBS, FAILURES = Job.__table__, JobFailure.__table__

WORKS: dict[JobKind, Callable[[Row[Any]], Work]] = {
    JobKind.BULK: Change,
    JobKind.EXPORT: Export,
    JobKind.IMPORT: Load,
    JobKind.REPLAY: Replay,
    JobKind.RETYPE: Retype,
}
"""What does the work of each kind."""


def run(job: int) -> None:
    """Work on a job that is due until it ends, or until others want a turn."""
    with unit() as session:
        row = turn.take(session, job)
    if row is None:
        return
    try:
        with _speaking(row.arguments.get("language", "")):
            if not _work(row):
                enqueue([("job", job)])
    except lease.Lost:
        log.warning("Job %d went to another worker meanwhile.", job)
    except StopRequested:
        _quietly(turn.rest, row)
        raise
    except Problem as problem:
        _quietly(turn.finish, row, JobState.FAILED, error=str(told_of(problem)))
    except Exception as error:
        log.exception("Job %d failed by our own fault.", job)
        _quietly(turn.give_back, row, error)


def _work(row: Row[Any]) -> bool:
    """Do batches; tell whether the job ended. Raises Lost."""
    until = time.monotonic() + SLICE
    with closing(WORKS[row.kind](row)) as work:
        while time.monotonic() < until or not work.can_rest:
            if _batch(row, work):
                return True
    with unit() as session:
        turn.rest(session, row)
    return False


def _batch(row: Row[Any], work: Work) -> bool:
    """Do one batch with the grants its person has now; tell whether the job ended."""
    with unit() as session:
        actor = turn.actor(session, row)
        if actor is None:
            return True
        act_as(session, actor, source=str(row.kind))
        job = session.connection().execute(select(JOBS).where(JOBS.c.id == row.id)).one()
        step = work.batch(session, actor, job)
        _write_failures(session, job, step.failures)
        failed = len({failure.position for failure in step.failures})
        values = {"cursor": step.cursor, "done": job.done + step.done, "failed": job.failed + failed}
        if not step.over:
            turn.keep(session, row, **values)
            return False
        ended = {"error": str(step.refusal)} if step.refusal else {}
        state = JobState.FAILED if ended else JobState.DONE
        turn.finish(session, row, state, **values, **ended, **work.end(session, actor, job))
        return True


def _write_failures(session: Session, job: Row[Any], failures: list[Failure]) -> None:
    rows = [
        {
            "job_id": job.id,
            "position": failure.position,
            "label": _storable(failure.label),
            "field": failure.field,
            "code": failure.code,
            "message": str(failure.message),
            "raw": _storable(failure.raw),
        }
        for failure in failures[: max(KEPT - job.failed, 0)]
    ]
    if rows:
        session.connection().execute(insert(FAILURES), rows)


def _storable(given: Any) -> Any:
    """Return what a file held as the table can keep it: the very characters may be why it was refused."""
    match given:
        case str():
            return given.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
        case dict():
            return {_storable(name): _storable(value) for name, value in given.items()}
        case list():
            return [_storable(value) for value in given]
    return given


def _quietly(write: Callable[..., None], row: Row[Any], *more: Any, **values: Any) -> None:
    try:
        with unit() as session:
            write(session, row, *more, **values)
    except lease.Lost:
        log.warning("Job %d went to another worker meanwhile.", row.id)


@contextmanager
def _speaking(language: str) -> Iterator[None]:
    """Speak the language of whoever started the job: what failed is told in it."""
    with force_locale(spoken(settings(), language)):
        yield
