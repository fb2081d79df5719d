"""The sealer: puts blocks over rows of the audit log once no smaller number can appear any more.

Numbers are given out before the commit, so a row may appear after rows with greater numbers. The sealer reads
the last number given out, then who is writing to the log: whoever took a number up to that one holds the
table's lock until their transaction ends. When those have all ended, every row up to that number is there for
good or never will be. Nobody is ever made to wait.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.orm import Session

from app.adapters.audit_keys import Keys
from app.core.clock import now
from app.services.audit.blocks import BLOCKS, ROWS, START, Block, follow, head
from app.services.audit.entries import read

LOCK = 724006
"""The advisory lock of who seals."""

EVERY = dt.timedelta(seconds=30)
"""How long rows wait for more rows to share a block with."""

AT_ONCE = 64
"""Blocks made in one go."""

GIVEN_OUT = text("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM audit_logs_id_seq")
WRITERS = text("""
    SELECT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'audit_logs'::regclass
      AND mode = 'RowExclusiveLock' AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND pid IS DISTINCT FROM pg_backend_pid()
""")


class Sealer:
    """Seals what is due, look by look; between two looks it remembers for whom it waits."""

    def __init__(self, every: dt.timedelta = EVERY) -> None:
        self._every = every
        self._last: int | None = None
        self._writers: set[str] = set()

    def look(self, session: Session, keys: Keys) -> int:
        """Seal what is due, and return how many rows were. The lock is held until the transaction ends."""
        connection = session.connection()
        if not session.scalar(select(func.pg_try_advisory_xact_lock(LOCK))):
            return 0
        newest = head(connection) or START
        if now() < newest.sealed_at + self._every:
            return 0
        if self._last is None:
            self._last = given_out(connection)
            self._writers = _writers(connection)
        else:
            self._writers &= _writers(connection)
        if self._writers:
            return 0
        last, self._last = self._last, None
        return _seal(connection, newest, last, keys)


def seal_now(session: Session, keys: Keys) -> int:
    """Seal every row whose number is beyond doubt, however few, and return how many were.

    Rows of transactions that still run, and rows with greater numbers, are left for later.
    """
    connection = session.connection()
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    last = given_out(connection)
    return 0 if _writers(connection) else _seal(connection, head(connection) or START, last, keys)


def given_out(connection: Connection) -> int:
    """Return the last number given to a row of the log, committed or not."""
    return int(connection.scalar(GIVEN_OUT) or 0)


def _writers(connection: Connection) -> set[str]:
    """Return the transactions that have written, or are about to write, to the log."""
    return set(connection.scalars(WRITERS))


def _seal(connection: Connection, newest: Block, last: int, keys: Keys) -> int:
    entries = read(connection, newest.last_id, last, AT_ONCE * ROWS)
    full = len(entries) == AT_ONCE * ROWS
    made = []
    for start in range(0, len(entries), ROWS):
        part = entries[start : start + ROWS]
        is_end = start + ROWS >= len(entries) and not full
        newest = follow(newest, last if is_end else part[-1].id, part, keys, now())
        made.append(newest.columns())
    for block in made:  # each by a statement of its own: a trigger counts them
        connection.execute(insert(BLOCKS), block)
    return len(entries)
