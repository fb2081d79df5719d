"""Rows a second into files and out of them: export as CSV, JSON and Excel, import of CSV with validation.

    python3 -m bench.exchange [--rows 4000]

It starts a PostgreSQL and a Redis of its own in a folder that is removed afterwards. Rates are of CPU time,
of program and database together: by the clock they would say more of what else runs here.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import io
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select, text
from werkzeug.datastructures import MultiDict

from app.access import SYSTEM, Actor, ActorKind
from app.adapters import storage
from app.core.extensions import db
from app.demo import bulk
from app.demo import desk as demo
from app.generate.exchange import sheet_of
from app.jobs import long
from app.models.jobs import OPEN, Job, JobKind
from app.models.people import Employee
from app.models.teams import Team
from app.models.tickets import Ticket
from app.record import act_as
from app.services import exchange, files, jobs
from bench.audit import desk, report
from bench.meter import used

SEED = 20
PART = 4
"""A ticket is imported by its service, with routing and all; so of these there are fewer."""


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=4000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder, desk(Path(folder)):
        demo.build(db.session(), SEED)
        bulk.copy_tickets(db.session(), rows, SEED)
        gc.collect()
        gc.freeze()  # as a worker does
        for name in exchange.FORMATS:
            _told(f"tickets exported as {name}", partial(_export, name), "≥ 20,000")
        _told("teams imported, which a plain save writes", partial(_import, Team, _teams(rows)), "≥ 2,000")
        _told(
            "tickets imported by their service", partial(_import, Ticket, _tickets(rows // PART)), "≥ 2,000"
        )


def _told(what: str, work: Callable[[], int], wanted: str) -> None:
    """Print the rows that `work` does in a second of CPU, here and in the database, and how it divides."""
    backend = db.session().scalar(text("SELECT pg_backend_pid()")) or 0
    here, there = time.process_time(), used(backend)
    rows = work()
    here, there = time.process_time() - here, used(backend) - there
    report(
        f"{what}, rows a second of CPU ({1e6 * here / rows:.0f} + {1e6 * there / rows:.0f} µs a row)",
        f"{rows / (here + there):,.0f}",
        wanted,
    )


def _export(name: str) -> int:
    """Write all tickets with the columns of their list, as the job does; return how many."""
    session, written = db.session(), 0
    sheet = sheet_of(session, SYSTEM, Ticket, MultiDict())
    with tempfile.TemporaryFile() as content:
        writer = exchange.FORMATS[name].writer(content, sheet.columns, dt.UTC)
        for some in exchange.chunks(session, Ticket, sheet.statement, sheet.columns):
            writer.add(some)
            written += some.count
        writer.end()
    return written


def _import(model: Any, lines: Sequence[Mapping[str, str]]) -> int:
    """Load lines by the job of an administrator, as a file that was uploaded; return how many."""
    session = db.session()
    admin = session.scalars(select(Employee.id).where(Employee.email == "admin@example.com")).one()
    actor, where = Actor(ActorKind.EMPLOYEE, id=admin), storage.from_config(current_app.config)
    act_as(session, actor, source="bench")
    content = io.BytesIO()
    exchange.write_csv(content, [*lines[0]], [[*line.values()] for line in lines])
    file = files.keep(session, where, actor, content, name="x.csv", media_type="text/csv")
    said = {"file": file.id, "mapping": {name: name for name in lines[0]}, "key": None}
    job = jobs.start(session, actor, JobKind.IMPORT, model, "import", arguments=said)
    session.commit()
    return _done(job.id, len(lines))


def _done(number: int, lines: int) -> int:
    """Let a worker do a job, turn by turn; return how many lines it took."""
    state = select(Job.state, Job.done).where(Job.id == number)
    while (job := db.session.execute(state).one()).state in OPEN:
        long.run(number)
    if job.done < lines:
        raise SystemExit(f"Only {job.done} of {lines} lines were imported.")
    return lines


def _teams(count: int) -> list[Mapping[str, str]]:
    return [{"name": f"Imported team {n}", "description": "Looks after imports."} for n in range(count)]


def _tickets(count: int) -> list[Mapping[str, str]]:
    return [_ticket(number) for number in range(count)]


def _ticket(number: int) -> Mapping[str, str]:
    return {
        "email": f"customer{number % 500}@example.com",
        "title": f"The machine leaks ({number})",
        "description": "Again, and more than before.",
        "category": "technical support",
        "priority": "medium",
        "tags": "machine, leak",
    }


if __name__ == "__main__":
    main()
