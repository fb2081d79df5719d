"""Merkle trees over audit rows, with the shape and the two prefixes of RFC 6962."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Sequence

from app.services.audit.entries import Entry

MARK = struct.Struct(">I12s")
"""What a block keeps of each row to name it by: its distance from the first row, part of its digest."""
NUMBER = struct.Struct(">q")


def root(entries: Sequence[Entry]) -> str:
    """Return the root over the rows, each bound to its number, as 64 hex digits."""
    sha256, number = hashlib.sha256, NUMBER.pack
    level = [sha256(b"\0" + number(entry.id) + entry.digest).digest() for entry in entries]
    while len(level) > 1:
        above = [
            sha256(b"\1" + left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0].hex() if level else hashlib.sha256().hexdigest()


def marks(first_id: int, entries: Iterable[Entry]) -> bytes:
    """Return the marks of the rows of a block that begins with `first_id`, 16 bytes a row."""
    return b"".join(MARK.pack(entry.id - first_id, entry.digest) for entry in entries)


def marked(first_id: int, packed: bytes) -> dict[int, bytes]:
    """Return what `marks` packed: part of the digest by the number of its row."""
    whole = len(packed) - len(packed) % MARK.size
    return {first_id + distance: part for distance, part in MARK.iter_unpack(packed[:whole])}


def part(entry: Entry) -> bytes:
    """Return the part of a row's digest that a mark keeps."""
    return entry.digest[:12]
