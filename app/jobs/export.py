"""A job that writes a list to a file: one reading of the database as it stood when it began.

A file half written is worth nothing, so a job that is cut off begins anew; there is nothing to do twice. The
rows are read on a connection of their own, which the transactions of the checkpoints do not end.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.access import Actor
from app.adapters import storage
from app.core.clock import now
from app.core.extensions import db
from app.generate.exchange.sheet import Sheet, sheet_of, view_of
from app.generate.rest import exporting
from app.jobs.step import Step, Work, while_time
from app.models import by_table
from app.services import exchange, files
from app.services.exchange.stream import Rows


class Export(Work):
    """Keeps the reading and the file open from the first batch to the last."""

    can_rest = False

    def __init__(self, row: Row[Any]) -> None:
        super().__init__(row)
        self._model: Any = by_table(row.object_table)
        self._format = exchange.FORMATS[row.verb]
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  closed by `close`
        self._reader = Session(db.engine)
        self._rows: Iterator[Rows] | None = None
        self._writer: exchange.Writer | None = None
        self._written = 0

    def batch(self, session: Session, actor: Actor, job: Row[Any]) -> Step:
        """Write the next rows."""
        rows, writer = self._begun(session, actor)
        before = self._written
        for some in while_time(rows):
            writer.add(some)
            self._written += some.count
        over = self._written == before
        return Step(cursor=self._written, done=self._written - job.done, over=over)

    def end(self, session: Session, actor: Actor, job: Row[Any]) -> dict[str, Any]:
        """Keep the file for whoever asked for it."""
        _rows, writer = self._begun(session, actor)
        writer.end()
        name = f"{job.object_table}-{now():%Y-%m-%d}.{self._format.name}"
        where = storage.from_config(current_app.config)
        file = files.keep(session, where, actor, self._file, name=name, media_type=self._format.media_type)
        return {"file_id": file.id, "total": self._written}

    def close(self) -> None:
        """Give the connection and the space back."""
        self._reader.close()
        self._file.close()

    def _begun(self, session: Session, actor: Actor) -> tuple[Iterator[Rows], exchange.Writer]:
        if self._rows is None or self._writer is None:
            zone = ZoneInfo(self.row.arguments["zone"])
            sheet = self._sheet(session, actor, zone)
            self._rows = exchange.chunks(self._reader, self._model, sheet.statement, sheet.columns)
            self._writer = self._format.writer(self._file, sheet.columns, zone)
        return self._rows, self._writer

    def _sheet(self, session: Session, actor: Actor, zone: ZoneInfo) -> Sheet:
        """Return rows and columns, as they were asked for on a screen or by a program."""
        said = self.row.arguments
        if "api" in said:
            return exporting.sheet_for(session, actor, self._model, said["api"])
        return sheet_of(session, actor, self._model, view_of(said["view"]), zone)
