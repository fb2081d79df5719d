"""What the audit log costs: rows verified and sealed a second, and its part of the work of adding a ticket.

    python3 -m bench.audit [--rows 200000] [--tickets 1200]

It starts a PostgreSQL and a Redis of its own in a folder that is removed afterwards.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
    parser.add_argument("--tickets", type=int, default=1200)
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
        told = adding(asked.tickets)
        report("ticket added without audit, CPU ms (program and database), median", f"{told.off:.2f}", "")
        report("ticket added with audit, CPU ms, median", f"{told.on:.2f}", "")
        report("audit: part of a write, %, median of pairs", f"{100 * told.more / told.off:.1f}", "≤ 10")
        report("how far two halves of the pairs are apart, %", f"{100 * told.doubt / told.off:.1f}", "")


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


@dataclass(frozen=True)
class Adding:
    """CPU milliseconds of adding a ticket: without and with the audit log, and what the log adds.

    `doubt` is how far two halves of the measurement are apart, in milliseconds: what others did meanwhile.
    """

    off: float
    on: float
    more: float
    doubt: float


def adding(count: int) -> Adding:
    """Measure in pairs of turns, one without and one with the log, and take medians of CPU time.

    What disturbs a machine lasts longer than a pair, so it disturbs both; the order changes each time.
    """
    turns = {True: _turn, False: _silent_turn}
    for turn in turns.values():
        turn()  # whatever is loaded and planned once
    off, on = [], []
    for number in range(count // BATCH):
        costs = {audited: turns[audited]() for audited in (number % 2 == 0, number % 2 == 1)}
        off.append(costs[False])
        on.append(costs[True])
    more = [dear - cheap for cheap, dear in zip(off, on, strict=True)]
    doubt = abs(statistics.median(more[::2]) - statistics.median(more[1::2]))
    return Adding(statistics.median(off), statistics.median(on), statistics.median(more), doubt)


def _turn() -> float:
    return _cost(lambda: _add(BATCH)) / BATCH


def _silent_turn() -> float:
    with silenced():
        return _turn()


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
