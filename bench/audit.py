"""What the audit log costs: rows verified and sealed a second, and its part of the work of adding a ticket.

    python3 -m bench.audit [--rows 200000] [--tickets 400]

It starts a PostgreSQL and a Redis of its own in a folder that is removed afterwards.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from app import create_app
from app.access import SYSTEM
from app.adapters import audit_keys
from app.core.extensions import db
from app.record import act_as, audit
from app.services import tickets
from app.services.audit import seal_now, verify
from bench.meter import used
from config import settings

ROWS = text("""
    INSERT INTO audit_logs (action_type, action_details, performed_by, actor_type, actor_id, object_table,
                            object_id, ip, request_id, created_at)
    SELECT 'TICKET_UPDATE',
           jsonb_build_object(
               'changed', jsonb_build_array('assignee_id', 'priority', 'status'),
               'before', jsonb_build_object('status', 'new', 'priority', 'medium', 'assignee_id', NULL),
               'after', jsonb_build_object('status', 'open', 'priority', 'high', 'assignee_id', n)),
           'employee:' || n % 50, 'employee', n % 50, 'tickets', n, '192.0.2.' || n % 250, md5(n::text), now()
    FROM generate_series(1, :rows) n
""")
BATCH = 10
TIMES = 3


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--tickets", type=int, default=400)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, desk(Path(folder)) as app:
        report("audit: rows sealed, per second of the program's core", f"{sealing(app, asked.rows):,.0f}", "")
        by_clock, by_core = verifying(app)
        report(
            "audit: rows verified, per second of one core (with the database's part)",
            f"{by_core:,.0f}",
            "≥ 50,000",
        )
        report(
            "audit: rows verified, per second by the clock, beside what else runs here",
            f"{by_clock:,.0f}",
            "",
        )
        off, on = adding(asked.tickets)
        report("ticket added without audit, CPU ms (program and database)", f"{off:.2f}", "")
        report("ticket added with audit, CPU ms", f"{on:.2f}", "")
        report("audit: part of a write, %", f"{100 * (on - off) / off:.1f}", "≤ 10")


def report(what: str, figure: str, wanted: str) -> None:
    """Print one line of the table."""
    print(f"{what:<80} {figure:>10}  {wanted}", flush=True)


@contextmanager
def desk(folder: Path) -> Iterator[Flask]:
    """Give an application on servers of its own."""
    app = create_app(settings({"DATA_DIR": str(folder), "DEMO": "0"}))
    result = app.test_cli_runner().invoke(args=["migrate"])
    if result.exit_code:
        raise SystemExit(result.output)
    with app.test_request_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def sealing(app: Flask, rows: int) -> float:
    """Fill the log, seal it, and return the rows sealed a second of CPU."""
    session, keys = db.session(), audit_keys.from_config(app.config)
    session.execute(ROWS, {"rows": rows})
    session.commit()
    started, sealed = time.process_time(), 0
    while more := seal_now(session, keys):
        session.commit()
        sealed += more
    return sealed / (time.process_time() - started)


def verifying(app: Flask) -> tuple[float, float]:
    """Return the rows verified a second by the clock, and a second of CPU here and in the database."""
    keys, clock, core = audit_keys.from_config(app.config), [], []
    for _ in range(TIMES):
        with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            backend = connection.scalar(text("SELECT pg_backend_pid()"))
            started, spent = time.perf_counter(), time.process_time() + used(backend)
            found = verify(connection, keys)
            clock.append(found.rows / (time.perf_counter() - started))
            core.append(found.rows / (time.process_time() + used(backend) - spent))
            if found.fault:
                raise SystemExit(str(found.fault))
    return max(clock), max(core)


def adding(count: int) -> tuple[float, float]:
    """Return the CPU milliseconds of adding a ticket, without and with the audit log, in turns."""
    without, whole = [], []
    _add(BATCH)  # whatever is loaded and planned once
    for _ in range(count // BATCH):
        with silenced():
            without.append(_cost(lambda: _add(BATCH)))
        whole.append(_cost(lambda: _add(BATCH)))
    return min(without) / BATCH, min(whole) / BATCH  # the turns that others disturbed least


@contextmanager
def silenced() -> Iterator[None]:
    """Let nothing be written into the audit log."""
    write = audit.write
    audit.write = lambda *_: None
    try:
        yield
    finally:
        audit.write = write


def _add(count: int) -> None:
    session = db.session()
    act_as(session, SYSTEM, source="bench")
    for number in range(count):
        values = {
            "email": f"customer{number}@example.com",
            "title": "The machine leaks",
            "description": "Again.",
        }
        tickets.add(session, SYSTEM, values)
        session.commit()


def _cost(work: Callable[[], Any]) -> float:
    """Return the CPU milliseconds of this process and of its session's backend."""
    backend = db.session().scalar(text("SELECT pg_backend_pid()"))
    before = time.process_time() + used(backend)
    work()
    return 1000 * (time.process_time() + used(backend) - before)


if __name__ == "__main__":
    main()
