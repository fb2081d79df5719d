"""A whole table into a file: by the job of an export, at the smallest and the largest size.

    python3 -m bench.export csv

writes one such file from the database that the environment names, and tells what it took, as JSON.
"""

from __future__ import annotations

import gc
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select

import config
from app import create_app
from app.access import Actor, ActorKind
from app.core.extensions import db
from app.jobs import long
from app.jobs.unit import unit
from app.models.files import File
from app.models.jobs import Job, JobKind
from app.models.people import Employee
from app.models.tickets import Ticket
from app.record import act_as
from app.services import exchange, jobs
from bench.cluster import ROOT, Place, copied
from bench.meter import cpu
from bench.report import FIGURES, Table, at_least, at_most

TITLE = "A whole table into a file"
LEAST = 20_000
"""Rows a second of CPU, of program and database together."""
MORE = 1.3
"""How much more memory the job may take at the largest size than at the smallest."""
NOTE = (
    "All tickets with every column an administrator sees, written by the job that writes it for them, to the"
    " file they fetch. Memory is the most that the process ever held; the application alone takes most of it."
)


@dataclass(frozen=True)
class Written:
    """What one export took: rows and bytes of the file, seconds of CPU, MiB at most."""

    rows: int
    bytes: int
    seconds: float
    memory: float


def run(places: list[Place]) -> list[Table]:
    """Export the tickets of the smallest and of the largest size in each form."""
    found = [(place.tickets, _measured(place)) for place in dict.fromkeys((places[0], places[-1]))]
    least = found[0][1]
    return [
        Table(f"{tickets:,} tickets", FIGURES, list(_rows(by_form, least)), "" if by_form is least else NOTE)
        for tickets, by_form in found
    ]


def main() -> None:
    """Write the form that the command line names, and tell what it took."""
    app = create_app(config.settings(dict(os.environ)))
    with app.test_request_context():
        with unit() as session:
            admin = session.scalars(select(Employee.id).where(Employee.email == "admin@example.com")).one()
            actor = Actor(ActorKind.EMPLOYEE, id=admin)
            act_as(session, actor, source="bench")
            made = jobs.start(session, actor, JobKind.EXPORT, Ticket, sys.argv[1], arguments={"view": {}})
        gc.collect()
        gc.freeze()  # as a worker does
        spent = time.process_time()
        long.run(made.id)
        spent = time.process_time() - spent
        with unit() as session:
            job = session.get_one(Job, made.id)
            size = session.get_one(File, job.file_id).size
        memory = _most()
        db.engine.dispose()
    print(json.dumps({"rows": job.done, "bytes": size, "seconds": spent, "memory": memory}))


def _most() -> float:
    """Return the MiB that this process held at most. (`getrusage` counts what its parent held, too.)"""
    told = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(told[1]) / 1024 if told else 0.0


def _measured(place: Place) -> dict[str, Written]:
    with copied(place, "export") as copy:
        return {form: _written(copy, form) for form in exchange.FORMATS}


def _written(place: Place, form: str) -> Written:
    """Let a process of its own write the file; its seconds and those of the database are added."""
    server = place.postgres()
    spent = cpu(server)
    told = subprocess.run(
        [sys.executable, "-m", "bench.export", form],
        cwd=ROOT,
        env={**os.environ, **place.environment},
        capture_output=True,
        text=True,
        check=True,
    )
    written = Written(**json.loads(told.stdout.splitlines()[-1]))
    return replace(written, seconds=written.seconds + cpu(server) - spent)


def _rows(by_form: dict[str, Written], least: dict[str, Written]) -> Iterator[tuple[str, ...]]:
    for form, one in by_form.items():
        size = f" ({one.bytes / 2**20:,.0f} MiB)"
        yield at_least(f"{form}, rows", one.rows / one.seconds, LEAST, "{:,.0f} a second of CPU", size)
        yield at_most(f"{form}, memory", one.memory, round(MORE * least[form].memory), "{:,.0f} MiB")


if __name__ == "__main__":
    main()
