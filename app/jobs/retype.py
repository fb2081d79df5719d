"""A job that gives a field another type. Its cursor is the last row looked at, then the last rewritten."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.access import Actor
from app.jobs.refused import keep_refused
from app.jobs.step import Step, Work
from app.services.retyping import steps

MOST = 100
"""Rows rewritten in one batch."""


class Retype(Work):
    """Goes on after the last row, looking or rewriting, as the definition stands."""

    def batch(self, session: Session, actor: Actor, job: Row[Any]) -> Step:
        """Look at the next values, change the definition, or rewrite the next rows."""
        came = steps.go_on(session, actor, job, MOST)
        return Step(
            cursor=came.last, done=came.done, failures=came.failures, over=came.over, refusal=came.reason
        )

    def end(self, session: Session, actor: Actor, job: Row[Any]) -> dict[str, Any]:
        """Keep the values of which nothing could be made as a file, each with its row and the reason."""
        return keep_refused(session, actor, job, "values")
