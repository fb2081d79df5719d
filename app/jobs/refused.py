"""What a job could not do as a file, each as it was given and with the reason."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from flask import current_app
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.access import Actor
from app.adapters import storage
from app.core.i18n import _
from app.models.jobs import JobFailure
from app.services import exchange, files


def keep_refused(session: Session, actor: Actor, job: Row[Any], name: str) -> dict[str, Any]:
    """Keep the file `<table>-<name>.csv`, and return what the row of the job says of it, if any."""
    refused = list(_refused(session, job))
    if not refused:
        return {}
    header = list(dict.fromkeys(name for raw, _reason in refused for name in raw))
    with tempfile.TemporaryFile() as content:
        lines = ([*(str(raw.get(name, "")) for name in header), reason] for raw, reason in refused)
        exchange.write_csv(content, [*header, str(_("Reason"))], lines)
        where = storage.from_config(current_app.config)
        name = f"{job.object_table}-{name}.csv"
        file = files.keep(session, where, actor, content, name=name, media_type="text/csv")
    return {"file_id": file.id}


def _refused(session: Session, job: Row[Any]) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield each line that was refused, as it was given, with all that was wrong with it."""
    table = JobFailure.__table__.c
    told = select(table.position, table.field, table.message, table.raw).where(table.job_id == job.id)
    rows = session.connection().execute(told.order_by(table.position, table.id))
    for _position, some in groupby(rows, key=lambda row: row.position):
        failures = list(some)
        reasons = (f"{one.field}: {one.message}" if one.field else one.message for one in failures)
        yield failures[0].raw or {}, "; ".join(reasons)
