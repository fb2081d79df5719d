"""Long work: begun by a person, done in the background with that person's grants, stopped and retried."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale, get_timezone
from sqlalchemy.orm import Session

from app.access import Actor, owned_by, require
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict
from app.core.i18n import _
from app.models.jobs import Job, JobKind, JobState
from app.record import flush, hint, log


def start(  # noqa: PLR0913  what is to be done, by name
    session: Session,
    actor: Actor,
    kind: JobKind,
    model: Any,
    verb: str,
    *,
    arguments: dict[str, Any],
    total: int | None = None,
) -> Job:
    """Write down what a worker is to do for `actor`; it begins after the commit.

    `arguments` hold ids, criteria and typed words, never rows. The worker speaks the language and counts in
    the time zone of who started it. The permission of each row is asked when its turn comes.
    """
    spoken = {"language": str(get_locale() or ""), "zone": str(get_timezone() or "UTC")}
    job = Job(
        kind=kind,
        object_table=model.__tablename__,
        verb=verb,
        arguments={**spoken, **arguments},
        **owned_by(actor),
        total=total,
    )
    session.add(job)
    flush(session)
    hint(session, "job", job.id)
    return job


STATE = ("state", "cancel_requested")
"""The columns that `offered` reads."""
STOPPED = frozenset({JobState.PARKED, JobState.CANCELLED, JobState.FAILED})


def offered(job: Job) -> tuple[str, ...]:
    """Return the actions that make sense for a job as it stands."""
    if job.is_open:
        return () if job.cancel_requested else ("cancel",)
    return ("retry",) if job.state in STOPPED else ()


def cancel(session: Session, actor: Actor, job: Job) -> Job:
    """Stop a job: at once if nobody works on it, else after the rows under way. What is done stays done.

    Raises NotFound, and Conflict where it has ended.
    """
    job = _held(session, actor, job)
    if not job.is_open:
        raise Conflict(_("This job has ended already."))
    job.cancel_requested = True
    if job.state is JobState.WAITING:
        job.state, job.finished_at = JobState.CANCELLED, now()
    flush(session)
    log(session, "CANCEL", job)
    return job


def retry(session: Session, actor: Actor, job: Job) -> Job:
    """Go on with a job that was parked, cancelled or failed from where it stopped.

    Raises NotFound, Conflict.
    """
    job = _held(session, actor, job)
    if job.state not in STOPPED:
        raise Conflict(_("This job is not one that stopped."))
    job.state, job.cancel_requested, job.attempts = JobState.WAITING, False, 0
    job.error, job.finished_at, job.leased_until, job.due_at = None, None, None, now()
    flush(session)
    hint(session, "job", job.id)
    log(session, "RETRY", job)
    return job


def _held(session: Session, actor: Actor, job: Job) -> Job:
    """Return the job read anew and held until the commit, so that no worker changes it meanwhile."""
    require(actor, Can.EDIT, job)
    session.refresh(job, with_for_update=True)
    return job
