"""A job that lets events be sent to a webhook again. Its cursor is the number of the last event."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.access import Actor
from app.jobs.step import Step, Work
from app.services import replays

MOST = 500
"""Events of one batch."""


class Replay(Work):
    """Goes on after the last event that got a new try."""

    def batch(self, session: Session, actor: Actor, job: Row[Any]) -> Step:
        """Let the next events be tried again."""
        sent = replays.send_next(session, actor, job.arguments, after=job.cursor, most=MOST)
        last = sent[-1] if sent else job.cursor
        return Step(cursor=last, done=len(sent), over=len(sent) < MOST)
