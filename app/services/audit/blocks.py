"""Blocks: what a seal covers, how it is made, and reading them in order."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection, select

from app.adapters.audit_keys import Keys
from app.models.audit import AuditBlock
from app.services.audit import tree
from app.services.audit.entries import Entry

BLOCKS = AuditBlock.__table__
ROWS = 2048
"""Rows of a block at most."""
PAGE = 64
"""Blocks looked at together: at most so many times ROWS rows are held in memory."""


@dataclass(frozen=True)
class Block:
    """One block, as its row."""

    id: int
    first_id: int
    last_id: int
    row_count: int
    merkle_root: str
    marks: bytes
    previous_mac: str
    key_id: str
    sealed_at: dt.datetime
    mac: str = ""

    def message(self) -> bytes:
        """Return what the seal is made over: every member but the seal itself."""
        sealed_at = self.sealed_at.astimezone(dt.UTC).isoformat(timespec="microseconds")
        marks = hashlib.sha256(self.marks).hexdigest()
        members = asdict(self) | {"sealed_at": sealed_at, "marks": marks}
        del members["mac"]
        return b"frontdesk audit block v1\n" + orjson.dumps(members, option=orjson.OPT_SORT_KEYS)

    def columns(self) -> dict[str, Any]:
        """Return the block as the columns of its row."""
        return asdict(self)


START = Block(0, 0, 0, 0, "", b"", "", "", dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
"""What the first block follows."""


def follow(
    previous: Block, last_id: int, entries: Sequence[Entry], keys: Keys, sealed_at: dt.datetime
) -> Block:
    """Return the sealed block after `previous` that covers `entries` and ends with the number `last_id`."""
    first_id = previous.last_id + 1
    block = Block(
        id=previous.id + 1,
        first_id=first_id,
        last_id=last_id,
        row_count=len(entries),
        merkle_root=tree.root(entries),
        marks=tree.marks(first_id, entries),
        previous_mac=previous.mac,
        key_id=keys.current,
        sealed_at=sealed_at,
    )
    return replace(block, mac=keys.mac(block.message(), keys.current))


def head(connection: Connection) -> Block | None:
    """Return the last block, or None while nothing was sealed."""
    row = connection.execute(select(BLOCKS).order_by(BLOCKS.c.id.desc()).limit(1)).one_or_none()
    return Block(**row._asdict()) if row else None


def pages(connection: Connection, after: int = 0) -> Iterator[list[Block]]:
    """Yield the blocks after number `after` in order, a page at a time."""
    while True:
        rows = connection.execute(select(BLOCKS).where(BLOCKS.c.id > after).order_by(BLOCKS.c.id).limit(PAGE))
        page = [Block(**row._asdict()) for row in rows]
        if not page:
            return
        yield page
        after = page[-1].id
