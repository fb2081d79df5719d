"""`/jobs/<id>`: how far a job has come, what it made, what failed and why. Renews itself while it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import make_response, render_template, request
from flask_babel import format_decimal
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.access import Actor, may
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.i18n import Text, _
from app.generate.actions import icon_of_action, label_of_action
from app.generate.identity import current_actor
from app.generate.listing import one
from app.generate.pages import Action, Crumb
from app.models import by_table
from app.models.jobs import Job, JobFailure, JobKind, JobState
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
STOPPED = frozenset({JobState.FAILED, JobState.CANCELLED, JobState.PARKED})


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
    failures: Sequence[JobFailure]
    more: Text


@blueprint.get("/jobs/<int:number>")
def progress(number: int) -> Response:
    """Show one job; with `again` the browser renews the page, for those without JavaScript."""
    actor, session = current_actor(), db.session()
    job = one(session, actor, Job, number)
    if job is None:
        raise NotFound
    told = select(JobFailure).where(JobFailure.job_id == number).order_by(JobFailure.position, JobFailure.id)
    failures = session.scalars(told.limit(SHOWN)).all()
    page = Progress(
        job=job,
        title=_title(job),
        crumbs=(Crumb(label=Job.resource.plural, url="/console/jobs/"),),
        state=_("Stopping") if job.cancel_requested and job.is_open else job.state.label,
        tone=TONES.get(job.state, ""),
        counted=_counted(job),
        actions=tuple(_actions(actor, job)),
        failures=failures,
        more=_("Only the first %(shown)s are shown.", shown=SHOWN) if job.failed > SHOWN else "",
    )
    answer = make_response(render_template("jobs/progress.html", page=page))
    if job.is_open and "again" in request.args:
        answer.headers["Refresh"] = str(AGAIN)
    return answer


def _title(job: Job) -> Text:
    things = by_table(job.object_table).resource.plural
    what = label_of_action(job.verb) if job.kind is JobKind.BULK else job.kind.label
    return _("%(action)s: %(things)s", action=what, things=things)


def _counted(job: Job) -> Text:
    done = format_decimal(job.done + job.failed)
    if job.total is None:
        return _("%(done)s done", done=done)
    return _("%(done)s of %(total)s done", done=done, total=format_decimal(job.total))


def _actions(actor: Actor, job: Job) -> Iterator[Action]:
    if job.file is not None and job.file.expires_at > now():
        yield Action(label=_("Download"), url=f"/files/{job.file_id}", icon="download", primary=True)
    if not may(actor, Can.EDIT, job):
        return
    if job.is_open and not job.cancel_requested:
        yield _deed(job, "cancel")
    if job.state in STOPPED:
        yield _deed(job, "retry")


def _deed(job: Job, verb: str) -> Action:
    url = f"/console/jobs/act/{verb}/{job.id}"
    return Action(label=label_of_action(verb), url=url, method="post", icon=icon_of_action(verb))
