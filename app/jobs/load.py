"""A job that reads a file line by line into rows. Its cursor is the last line that was read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.access import Actor
from app.adapters import storage
from app.generate.exchange import plan_of
from app.jobs.refused import keep_refused
from app.jobs.step import Step, Work, while_time
from app.models import by_table
from app.services import exchange, files
from app.services.exchange.reading import Line

TOGETHER = 400
"""Lines written by one flush."""


class Load(Work):
    """Keeps its place in the file between two batches; who takes over skips the lines that are done."""

    def __init__(self, row: Row[Any]) -> None:
        super().__init__(row)
        self._lines: Iterator[tuple[Line, ...]] | None = None

    def batch(self, session: Session, actor: Actor, job: Row[Any]) -> Step:
        """Read the next lines into rows."""
        said = job.arguments
        model, zone = by_table(job.object_table), ZoneInfo(said["zone"])
        plan = plan_of(session, actor, model, said["mapping"], key=said.get("key"), zone=zone)
        if self._lines is None:
            lines = self._after(session, actor, job)
            self._lines = iter(lambda: tuple(islice(lines, TOGETHER)), ())
        cursor, done, failures = job.cursor, 0, []
        for some in while_time(self._lines):
            came = exchange.load(session, actor, plan, some)
            cursor, done = some[-1][0], done + came.done
            failures += came.failures
        return Step(cursor=cursor, done=done, failures=failures, over=cursor == job.cursor)

    def end(self, session: Session, actor: Actor, job: Row[Any]) -> dict[str, Any]:
        """Keep the refused lines as a file, each with the reason, to be mended and imported again."""
        return {"total": job.done + job.failed, **keep_refused(session, actor, job, "refused")}

    def _after(self, session: Session, actor: Actor, job: Row[Any]) -> Iterator[Line]:
        where = storage.from_config(current_app.config)
        file, content = files.read(session, where, actor, job.arguments["file"])
        with content:
            read = exchange.read_rows(content, file.name)
        return (line for line in read.lines if line[0] > job.cursor)
