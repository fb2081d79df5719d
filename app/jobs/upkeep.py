"""Recurring work on the desk itself: it measures, tidies up and forgets."""

from __future__ import annotations

import datetime as dt

from flask import current_app
from sqlalchemy import Table, delete, func, select
from sqlalchemy.orm import Session

from app.adapters import storage
from app.core.clock import now
from app.core.extensions import queue
from app.fields import settings_of
from app.jobs.queues import QUEUES
from app.jobs.unit import unit
from app.models.effects import State
from app.models.idempotency import IdempotencyKey
from app.models.jobs import Job
from app.models.keys import ApiCall
from app.models.mails import Mail
from app.models.sessions import LoginSession
from app.models.tokens import Token
from app.models.webhooks import Delivery, Event
from app.services import files, idempotency, indexes, metrics, searched, webhooks

BATCH = 1000
"""Rows deleted in one transaction."""

KEPT = {
    Token.__table__: dt.timedelta(days=30),
    LoginSession.__table__: dt.timedelta(days=90),
    IdempotencyKey.__table__: idempotency.KEPT_FOR,
    Job.__table__: dt.timedelta(days=90),
}
"""How long rows are kept that have no setting of their own. Failures go with their jobs."""


def sample_metrics() -> str:
    """Measure the desk."""
    waiting = {f"{name}_queue_length": queue(name).count for name in QUEUES}
    with unit() as session:
        return f"{metrics.sample(session, waiting | _backlog(session))} values"


def _backlog(session: Session) -> dict[str, float]:
    """Return how many effects of each kind wait that are due."""
    waiting: dict[str, float] = {}
    for model in (Event, Delivery, Mail):
        table = model.__table__
        due = select(func.count()).where(table.c.state == State.WAITING, table.c.due_at <= now())
        waiting[f"{model.__effect__}_backlog"] = session.connection().scalar(due) or 0
    return waiting


def refresh_employee_metrics() -> str:
    """Count the figures of employees anew."""
    with unit() as session:
        metrics.refresh_employee_metrics(session)
        indexes.refreshed(session, "employee_metrics", now())
    return "refreshed"


def thin_metrics() -> str:
    """Turn old figures into hourly means."""
    with unit() as session:
        return f"{metrics.thin(session)} means"


def look_after_indexes() -> str:
    """Write down indexes and views as they are."""
    with unit() as session:
        return f"{indexes.refresh(session)} indexes and views"


def search_follows_fields() -> str:
    """Search rows anew by fields that became searchable, stopped being so, or are seen by others now."""
    with unit() as session:
        rows = [(row, searched.weight(session, row)) for row in searched.changed(session)]
    for row, weight in rows:
        after: int | None = 0
        while after is not None:
            with unit() as session:
                after = searched.search_anew(session, row, after)
        with unit() as session:
            searched.done(session, row, weight)
    return f"{len(rows)} fields"


def purge() -> str:
    """Forget what is older than it is kept."""
    with unit() as session:
        gone = files.purge(session, storage.from_config(current_app.config))
        secrets = webhooks.forget_former_secrets(session)
        says = settings_of(session)
    kept = KEPT | {
        ApiCall.__table__: dt.timedelta(days=says.api_log_days),
        Event.__table__: dt.timedelta(days=says.event_days),
    }
    return ", ".join(
        [
            f"{gone} files",
            f"{secrets} secrets",
            *(f"{_purge(table, age)} {table.name}" for table, age in kept.items()),
        ]
    )


def _purge(table: Table, age: dt.timedelta) -> int:
    gone = 0
    while True:
        old = select(table.c.id).where(table.c.created_at < now() - age).limit(BATCH)
        with unit() as session:
            batch = session.connection().execute(delete(table).where(table.c.id.in_(old))).rowcount
        gone += batch
        if batch < BATCH:
            return gone
