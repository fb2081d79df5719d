"""A job that does one deed to many rows, in the order of their numbers."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.access import Actor
from app.fields import fields_of
from app.generate.bulk import Selection, deed_of, do_next
from app.jobs.step import Step, Work, while_time
from app.models import by_table

MOST = 100
"""Rows read for one batch."""


class Change(Work):
    """Goes on after the last number that was done."""

    def batch(self, session: Session, actor: Actor, job: Row[Any]) -> Step:
        """Do the deed to the next rows."""
        model, said = by_table(job.object_table), job.arguments
        fields, zone = fields_of(session, model), ZoneInfo(said["zone"])
        deed = deed_of(actor, model, fields, job.verb, said.get("typed", {}), zone)
        selection = Selection(**said["selection"])
        came = do_next(session, actor, model, selection, deed, after=job.cursor, most=MOST, pace=while_time)
        return Step(cursor=came.last, done=came.done, failures=came.failures, over=not came.more)
