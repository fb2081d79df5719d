"""`/jobs/<id>`: how far a job has come, what it made, what failed and why. Renews itself while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import make_response, render_template, request
from flask_babel import format_decimal
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.access import Actor
from app.core.clock import now
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.i18n import Text, _
from app.fields import fields_of
from app.generate import menus
from app.generate.actions import label_of_action
from app.generate.failures import told
from app.generate.identity import current_actor
from app.generate.listing import one
from app.generate.pages import Action, Crumb
from app.models import by_table
from app.models.jobs import Job, JobFailure, JobKind, JobState
from app.services.bulk import Failure
from app.views.jobs.blueprint import blueprint

SHOWN = 200
"""Failures told on the page."""
AGAIN = 3
"""Seconds after which a browser without JavaScript asks anew."""
TONES = {
    JobState.RUNNING: "accent",
    JobState.DONE: "ok",
    JobState.FAILED: "danger",
    JobState.CANCELLED: "warn",
    JobState.PARKED: "danger",
}


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What the page says of a job."""

    job: Job
    title: Text
    crumbs: tuple[Crumb, ...]
    state: Text
    tone: str
    counted: Text
    actions: tuple[Action, ...]
    failures: tuple[Failure, ...]
    more: Text


@blueprint.get("/jobs/<int:number>")
def progress(number: int) -> Response:
    """Show one job; with `again` the browser renews the page, for those without JavaScript."""
    actor, session = current_actor(), db.session()
    job = one(session, actor, Job, number)
    if job is None:
        raise NotFound
    some = select(JobFailure).where(JobFailure.job_id == number).order_by(JobFailure.position, JobFailure.id)
    failures = session.scalars(some.limit(SHOWN)).all()
    page = Progress(
        job=job,
        title=title(job),
        crumbs=(Crumb(label=Job.resource.plural, url="/console/jobs/"),),
        state=state(job),
        tone=TONES.get(job.state, ""),
        counted=counted(job),
        actions=tuple(_actions(actor, job)),
        failures=told(fields_of(session, by_table(job.object_table)), failures),
        more=_("Only the first %(shown)s are shown.", shown=SHOWN) if job.failed > SHOWN else "",
    )
    answer = make_response(render_template("jobs/progress.html", page=page))
    if job.is_open and "again" in request.args:
        answer.headers["Refresh"] = str(AGAIN)
    return answer


def title(job: Job) -> Text:
    """Return what a job does, and to what."""
    things = by_table(job.object_table).resource.plural
    what = label_of_action(job.verb) if job.kind is JobKind.BULK else job.kind.label
    return _("%(action)s: %(things)s", action=what, things=things)


def state(job: Job) -> Text:
    """Return how far a job has come, in a word."""
    return _("Stopping") if job.cancel_requested and job.is_open else job.state.label


def counted(job: Job) -> Text:
    """Return how many rows are done, and of how many."""
    done = format_decimal(job.done + job.failed)
    if job.total is None:
        return _("%(done)s done", done=done)
    return _("%(done)s of %(total)s done", done=done, total=format_decimal(job.total))


def _actions(actor: Actor, job: Job) -> Iterator[Action]:
    if job.file is not None and job.file.expires_at > now():
        label = _("Download") if job.kind is JobKind.EXPORT else _("Download what failed")
        yield Action(label=label, url=f"/files/{job.file_id}", icon="download", primary=True)
    yield from menus.at_hand(actor, job, f"/jobs/{job.id}")
