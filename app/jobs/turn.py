"""Whose turn a job is: a lease that is renewed with each batch, and the fence that keeps a slow holder out.

The checkpoint is written in the transaction of the work it is about, under the condition that the lease is
still this one's. So a batch counts wholly or not at all, and never twice.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select, update
from sqlalchemy.orm import Session

from app.access import SYSTEM, Actor
from app.core.clock import now
from app.core.i18n import _
from app.generate.identity import actor_of, key_actor
from app.jobs.lease import Lost, told
from app.models.jobs import OPEN, Job, JobState

SECONDS = 30
"""A lease. Batches take about half a second, so it outlasts many of them."""

MOST = 5
"""Leases without a single batch done, before a job is parked for a person to look at."""

PAUSE = dt.timedelta(seconds=5)
"""The wait after a first failure of our own, which doubles each time."""

JOBS = Job.__table__


def due() -> ColumnElement[bool]:
    """Return the criterion of jobs that wait, or whose worker was cut off."""
    moment = now()
    free = or_(JOBS.c.leased_until.is_(None), JOBS.c.leased_until < moment)
    return and_(JOBS.c.state.in_(OPEN), JOBS.c.due_at <= moment, free)


def actor(session: Session, row: Row[Any]) -> Actor | None:
    """Return who a leased job acts as, with the grants of this moment.

    None means that there is nothing more to do: it was cancelled, or its person left. Raises Lost.
    """
    if session.connection().scalar(select(JOBS.c.cancel_requested).where(JOBS.c.id == row.id)):
        finish(session, row, JobState.CANCELLED)
        return None
    found = _whoever(session, row)
    if found is None:
        finish(session, row, JobState.FAILED, error=str(_("Whoever started this is no longer active.")))
    return found


def _whoever(session: Session, row: Row[Any]) -> Actor | None:
    if row.api_key_id is not None:
        return key_actor(session, row.api_key_id)
    return SYSTEM if row.employee_id is None else actor_of(session, row.employee_id)


def take(session: Session, job: int) -> Row[Any] | None:
    """Lease a job that is due and return it, or None."""
    values = {
        "state": JobState.RUNNING,
        "leased_until": _until(),
        "lease_count": JOBS.c.lease_count + 1,
        "attempts": JOBS.c.attempts + 1,
        "error": None,
    }
    mine = update(JOBS).where(JOBS.c.id == job, due(), JOBS.c.attempts < MOST).values(values)
    return session.connection().execute(mine.returning(*JOBS.c)).one_or_none()


def keep(session: Session, row: Row[Any], **checkpoint: Any) -> None:
    """Write how far the work of this transaction has come, and renew the lease. Raises Lost."""
    _write(session, row, leased_until=_until(), attempts=0, **checkpoint)


def finish(session: Session, row: Row[Any], state: JobState, **values: Any) -> None:
    """Write how a job ended. Raises Lost."""
    _write(session, row, state=state, leased_until=None, finished_at=now(), **values)


def rest(session: Session, row: Row[Any]) -> None:
    """Give the lease back, so that others have their turn; the job is due again at once. Raises Lost."""
    _write(session, row, leased_until=None)


def give_back(session: Session, row: Row[Any], error: BaseException) -> None:
    """After a failure of our own: try again later, or park the job. Raises Lost."""
    tried = session.connection().scalar(select(JOBS.c.attempts).where(JOBS.c.id == row.id)) or 1
    if tried >= MOST:
        _write(session, row, state=JobState.PARKED, leased_until=None, finished_at=now(), error=told(error))
    else:
        later = now() + PAUSE * 2 ** (tried - 1)
        _write(session, row, leased_until=None, due_at=later, error=told(error))


def park(session: Session) -> int:
    """Park the jobs whose workers were killed again and again without a batch done; return how many."""
    reason = str(_("Each worker that took this ended before it was done."))
    worn = update(JOBS).where(due(), JOBS.c.attempts >= MOST)
    done = session.connection().execute(
        worn.values(state=JobState.PARKED, leased_until=None, finished_at=now(), error=reason)
    )
    return done.rowcount


def _write(session: Session, row: Row[Any], **values: Any) -> None:
    mine = and_(JOBS.c.id == row.id, JOBS.c.lease_count == row.lease_count, JOBS.c.state == JobState.RUNNING)
    if session.connection().execute(update(JOBS).where(mine).values(values)).rowcount != 1:
        raise Lost


def _until() -> dt.datetime:
    return now() + dt.timedelta(seconds=SECONDS)
