"""Work that goes on or stopped, row by row: what a person may want to look after."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, load_only

from app.access import Actor, visible
from app.models.effects import State
from app.models.jobs import Job, JobState
from app.models.mails import Mail
from app.models.webhooks import Event

NEWEST = 20
"""Rows of a kind that are told at most."""
GOING = (JobState.WAITING, JobState.RUNNING, JobState.FAILED, JobState.PARKED)


def jobs(session: Session, actor: Actor) -> Sequence[Job]:
    """Return the newest jobs that go on, are to come, or stopped and can go on."""
    wanted = select(Job).where(Job.state.in_(GOING), visible(actor, Job)).order_by(Job.id.desc())
    return session.scalars(wanted.options(defer(Job.arguments)).limit(NEWEST)).all()


def effects(session: Session, actor: Actor) -> list[Any]:
    """Return the newest events and mails that stopped. A delivery that failed is followed by another try."""
    return list(chain(_stopped(session, actor, Event), _stopped(session, actor, Mail)))


def _stopped(session: Session, actor: Actor, model: Any) -> Sequence[Any]:
    wanted = select(model).where(model.state.in_((State.FAILED, State.PARKED)), visible(actor, model))
    told = [
        getattr(model, name)
        for name in (model.resource.name_column, "state", "error", "due_at", "lease_count")
    ]
    told += [model.was_kept] if model is Mail else []
    return session.scalars(wanted.options(load_only(*told)).order_by(model.id.desc()).limit(NEWEST)).all()
