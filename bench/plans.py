"""What PostgreSQL takes for the statements of a piece of work, by its own clock, and what it reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

TIMES = 2
"""Each statement is asked again, and its least time taken: the first one reads from the disk."""
SCANS = re.compile(r"(?:Index Only Scan|Index Scan)[^\n]*? using (\w+)|Bitmap Index Scan on (\w+)|(Seq Scan)")
SPENT = re.compile(r"(?:Planning|Execution) Time: ([0-9.]+) ms")

READ = "Execution Time"
ONLY_PLANNED = "EXPLAIN (FORMAT JSON) "
"""What a statement begins with that asks how many rows to expect (`app.services.worth`)."""


@dataclass(frozen=True, order=True)
class Cost:
    """Milliseconds of the database, planning included, and the indexes read, in their order."""

    ms: float
    read_by: str


def cost(session: Session, work: Callable[[], Any]) -> Cost:
    """Do `work`, which only reads, then have each statement it sent explained with its values."""
    sent: list[tuple[str, Any]] = []
    connection = session.connection()

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        sent.append((statement, values))

    event.listen(connection, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(connection, "before_cursor_execute", note)
    plans = [_least(connection, statement, values) for statement, values in sent]
    scans = [next(filter(None, one)) for _ms, plan in plans if READ in plan for one in SCANS.findall(plan)]
    return Cost(sum(ms for ms, _plan in plans), ", ".join(dict.fromkeys(scans)))


def _least(connection: Connection, statement: str, values: Any) -> tuple[float, str]:
    explained = f"EXPLAIN (ANALYZE, TIMING OFF, BUFFERS OFF) {statement}"
    if statement.startswith(ONLY_PLANNED):
        explained = f"EXPLAIN (SUMMARY) {statement.removeprefix(ONLY_PLANNED)}"
    plans = ["\n".join(connection.exec_driver_sql(explained, values).scalars()) for _ in range(TIMES)]
    return min((sum(map(float, SPENT.findall(plan))), plan) for plan in plans)
