"""Rows of the audit log as bytes, streamed: the same for the sealer and for who verifies.

A row's bytes are the line that `COPY … TO STDOUT` writes for it: columns in a fixed order, tabs between them,
everything else escaped, so that two different rows never give the same bytes. Times are whole microseconds,
details the text of the stored JSON. None of it depends on a setting of the session.
"""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from sqlalchemy import Connection

COLUMNS = (
    "action_type", "action_details", "performed_by", "actor_type", "actor_id", "object_table", "object_id",
    "ip", "request_id",
)  # fmt: skip
LINES = (
    f"COPY (SELECT id, {', '.join(COLUMNS)}, (extract(epoch FROM created_at) * 1000000)::bigint"  # noqa: S608
    " FROM audit_logs WHERE id > {after} AND id <= {last} ORDER BY id LIMIT {most}) TO STDOUT"
)
LOWEST = -(2**63)
ALL = 2**62


class Entry(NamedTuple):
    """The number of a row and the SHA-256 of its other columns."""

    id: int
    digest: bytes


def read(connection: Connection, after: int, last: int, most: int = ALL) -> list[Entry]:
    """Return the rows with `after` < id ≤ `last` in their order, `most` at most, each as a digest."""
    driver: Any = connection.connection.driver_connection
    statement = LINES.format(after=int(after), last=int(last), most=int(most))
    entries = []
    sha256 = hashlib.sha256
    with driver.cursor().copy(statement) as lines:
        for line in lines:  # the server sends each row as a message of its own
            row = bytes(line)
            tab = row.index(b"\t")
            entries.append(Entry(int(row[:tab]), sha256(row[tab:]).digest()))
    return entries
