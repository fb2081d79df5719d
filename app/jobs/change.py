"""A job that does one deed to many rows, in the order of their numbers."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.access import Actor
from app.fields import fields_of
from app.generate.bulk import Selection, deed_of, do_next
from app.generate.rest import many
from app.jobs.step import Step, Work, while_time
from app.models import by_table
from app.services.bulk import Doing

MOST = 100
"""Rows read for one batch."""


class Change(Work):
    """Goes on after the last number that was done."""

    def batch(self, session: Session, actor: Actor, job: Row[Any]) -> Step:
        """Do the deed to the next rows."""
        model = by_table(job.object_table)
        deed, selection = _meant(session, actor, model, job)
        came = do_next(session, actor, model, selection, deed, after=job.cursor, most=MOST, pace=while_time)
        return Step(cursor=came.last, done=came.done, failures=came.failures, over=not came.more)


def _meant(session: Session, actor: Actor, model: Any, job: Row[Any]) -> tuple[Doing, Selection]:
    """Return deed and rows, as they were asked for on a screen or by a program."""
    said = job.arguments
    if "api" in said:
        return many.goes_on(model, job.verb, said["api"])
    fields, zone = fields_of(session, model), ZoneInfo(said["zone"])
    deed = deed_of(actor, model, fields, job.verb, said.get("typed", {}), zone)
    return deed, Selection(**said["selection"])
