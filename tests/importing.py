"""A file imported as a worker does it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from flask import Flask

from app.access import SYSTEM, Actor, ActorKind
from app.adapters import storage
from app.core.extensions import db
from app.jobs import long
from app.models.jobs import JobKind
from app.record import act_as
from app.services import files, jobs


def import_file(
    app: Flask, employee: int, model: Any, content: str, mapping: Mapping[str, str], key: str | None = None
) -> int:
    """Import lines of CSV as an employee, by the mapping of its columns; return the number of the job."""
    with app.test_request_context():
        session, where = db.session(), storage.from_config(app.config)
        act_as(session, SYSTEM, source="test")
        actor = Actor(ActorKind.EMPLOYEE, id=employee)
        data = io.BytesIO(content.encode())
        file = files.keep(session, where, actor, data, name="x.csv", media_type="text/csv")
        said = {"file": file.id, "mapping": dict(mapping), "key": key}
        job = jobs.start(session, actor, JobKind.IMPORT, model, "import", arguments=said)
        session.commit()
        long.run(job.id)
        return job.id
