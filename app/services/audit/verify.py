"""The look at everything: every row against its block, every block against its seal and the block before.

It reads page by page and stops at the first fault. It detects changes; it prevents none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from app.adapters.audit_keys import Keys, UnknownKey
from app.models.audit import AuditBlock, AuditLog
from app.models.fields import revisions
from app.services.audit import tree
from app.services.audit.blocks import START, Block, pages
from app.services.audit.checkpoint import Checkpoint
from app.services.audit.entries import LOWEST, Entry, read
from app.services.audit.naming import Fault, first_bad_row
from app.services.audit.seal import given_out

LOGS = AuditLog.__table__


@dataclass
class Report:
    """What was looked at, and the first fault. `unsealed` rows are not protected yet."""

    blocks: int = 0
    rows: int = 0
    fault: Fault | None = None
    unsealed: int = 0
    unsealed_since: dt.datetime | None = None
    last: Block = field(default=START)


def verify(
    connection: Connection, keys: Keys, checkpoints: Iterable[Checkpoint] = (), since: int = 0
) -> Report:
    """Look at the log from block `since` + 1 on, and at what `checkpoints` know of its blocks.

    `connection` is to see one snapshot (REPEATABLE READ): the sealer goes on meanwhile.
    """
    known = {checkpoint.block: checkpoint for checkpoint in checkpoints}
    report = Report()
    report.fault = (
        next((fault for point in known.values() if (fault := point.fault(keys))), None)
        or _blocks(connection, keys, known, since, report)
        or _end(connection, known, report)
    )
    _unsealed(connection, report)
    return report


def _blocks(
    connection: Connection, keys: Keys, known: dict[int, Checkpoint], since: int, report: Report
) -> Fault | None:
    previous: Block | None = START
    if since:
        previous = next((page[0] for page in pages(connection, since - 1)), None)
        if previous is None or previous.id != since:
            return Fault("is missing", since)
    assert previous is not None  # noqa: S101  START, or the block that was found
    report.last = previous
    for page in pages(connection, since):
        lowest = report.last.last_id if report.last.id else LOWEST
        entries = _Entries(read(connection, lowest, max(block.last_id for block in page)))
        for block in page:
            fault = _block(report.last, block, keys, known) or _rows(connection, block, entries, report)
            if fault:
                return fault
            report.last = block
            report.blocks += 1
    return None


def _block(previous: Block, block: Block, keys: Keys, known: dict[int, Checkpoint]) -> Fault | None:
    """Hold a block against its seal, the block before it and what a checkpoint knows of it."""
    if block.id != previous.id + 1:
        return Fault("is missing", previous.id + 1)
    try:
        is_sealed = keys.mac(block.message(), block.key_id) == block.mac
    except UnknownKey as error:
        return Fault(f"cannot be verified: {error}", block.id)
    if not is_sealed:
        return Fault("was rewritten: its seal does not match it", block.id)
    if block.previous_mac != previous.mac or block.first_id != previous.last_id + 1:
        return Fault(f"does not continue block {previous.id}: one of them was rewritten", block.id)
    if block.id in known and known[block.id].mac != block.mac:
        made = known[block.id].made_at
        return Fault(
            f"or one before it was rewritten, with the key, after the checkpoint of {made}", block.id
        )
    return None


def _rows(connection: Connection, block: Block, entries: _Entries, report: Report) -> Fault | None:
    mine = entries.up_to(block.last_id)
    report.rows += len(mine)
    if len(mine) == block.row_count and tree.root(mine) == block.merkle_root:
        return None
    return first_bad_row(connection, block, mine)


class _Entries:
    """Rows in order, taken block by block."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._next = 0

    def up_to(self, last_id: int) -> Sequence[Entry]:
        start = self._next
        while self._next < len(self._entries) and self._entries[self._next].id <= last_id:
            self._next += 1
        return self._entries[start : self._next]


def _end(connection: Connection, known: dict[int, Checkpoint], report: Report) -> Fault | None:
    """Ask whether the end is the end: whether blocks are known that are not there, or rows too many."""
    ahead = [point for point in known.values() if point.block > report.last.id]
    if ahead:
        made = max(ahead, key=lambda point: point.block)
        return Fault(
            f"is cut: it ends with block {report.last.id}, row {report.last.last_id}; the checkpoint of "
            f"{made.made_at} knows block {made.block}, row {made.last_id}"
        )
    counted = _counted(connection)
    if counted > report.last.id:
        return Fault(f"is cut: {counted} blocks were made, and it ends with block {report.last.id}")
    beyond = connection.scalar(select(func.min(LOGS.c.id)).where(LOGS.c.id > given_out(connection)))
    return (
        None if beyond is None else Fault("was inserted with a number that was never given out", row=beyond)
    )


def _counted(connection: Connection) -> int:
    """Return how many blocks were ever made, as a trigger counts."""
    counted = select(revisions.c.number).where(revisions.c.name == AuditBlock.__tablename__)
    return connection.scalar(counted) or 0


def _unsealed(connection: Connection, report: Report) -> None:
    rows = select(func.count(), func.min(LOGS.c.created_at))
    sealed = select(func.coalesce(func.max(AuditBlock.last_id), 0)).scalar_subquery()
    report.unsealed, report.unsealed_since = connection.execute(rows.where(LOGS.c.id > sealed)).one()
