"""Rows a second into files and out of them: export as CSV, JSON and Excel, import of CSV with validation.

    python3 -m bench.exchange [--rows 4000]

It starts a PostgreSQL and a Redis of its own in a folder that is removed afterwards. Rates are of CPU time,
of program and database together: by the clock they would say more of what else runs here.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import text
from werkzeug.datastructures import MultiDict

from app.access import SYSTEM
from app.core.extensions import db
from app.demo import bulk
from app.demo import desk as demo
from app.generate.exchange import plan_of, sheet_of
from app.models.teams import Team
from app.models.tickets import Ticket
from app.record import act_as
from app.services import exchange
from app.services.exchange.reading import Line
from bench.audit import desk, report
from bench.meter import used

SEED = 20
TOGETHER = 200
"""Lines of one batch, as the job of an import has it."""
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
    """Print the rows that `work` does in a second of CPU, here and in the database."""
    backend = db.session().scalar(text("SELECT pg_backend_pid()")) or 0
    spent = time.process_time() + used(backend)
    rows = work()
    report(
        f"{what}, rows a second of CPU",
        f"{rows / (time.process_time() + used(backend) - spent):,.0f}",
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
            written += len(some)
        writer.end()
    return written


def _import(model: Any, lines: list[Line]) -> int:
    """Load lines in batches that are committed, as the job does; return how many."""
    session, done = db.session(), 0
    act_as(session, SYSTEM, source="import")
    mapping = {name: name for name in lines[0][1]}
    for start in range(0, len(lines), TOGETHER):
        plan = plan_of(session, SYSTEM, model, mapping)
        done += exchange.load(session, SYSTEM, plan, lines[start : start + TOGETHER]).done
        session.commit()
    if done < len(lines):
        raise SystemExit(f"Only {done} of {len(lines)} lines were imported.")
    return done


def _teams(count: int) -> list[Line]:
    return [(n, {"name": f"Imported team {n}", "description": "Looks after imports."}) for n in range(count)]


def _tickets(count: int) -> list[Line]:
    return [(number, _ticket(number)) for number in range(count)]


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
