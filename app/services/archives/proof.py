"""The proof of an archive: the SHA-256 of its canonical bytes, and the bytes themselves, packed."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.core.errors import Conflict
from app.core.i18n import _
from app.models.archives import Archive
from app.services.archives.snapshot import Snapshot

FORMAT = 2
"""The format of new archives."""

DICTIONARIES: Mapping[int, bytes] = {1: b"", 2: (Path(__file__).parent / "format_2.json").read_bytes()}
"""What each format takes as said already: names and words that most tickets have. None may ever change."""


def digest(content: bytes) -> str:
    """Return the SHA-256 of canonical bytes as hex digits."""
    return hashlib.sha256(content).hexdigest()


def pack(content: bytes) -> bytes:
    """Return canonical bytes as an archive of the present format keeps them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS, 9, zdict=DICTIONARIES[FORMAT])
    return packer.compress(content) + packer.flush()


def content_of(archive: Archive) -> bytes | None:
    """Return the canonical bytes, or None where they are not those of the hash."""
    dictionary = DICTIONARIES.get(archive.format_version)
    if dictionary is None:
        return None
    unpacker = zlib.decompressobj(zdict=dictionary)
    try:
        content = unpacker.decompress(archive.snapshot) + unpacker.flush()
    except zlib.error:
        return None
    whole = unpacker.eof and not unpacker.unused_data
    return content if whole and digest(content) == archive.sha256 else None


def proof_of(archive: Archive) -> dict[str, Any]:
    """Return what events and the audit log say of an archive."""
    return {"archive_id": archive.id, "sha256": archive.sha256}


def verify(archive: Archive) -> bool:
    """Tell whether the stored snapshot is still what was archived, bit for bit."""
    return content_of(archive) is not None


def open_snapshot(archive: Archive) -> Snapshot:
    """Return what was archived. Raises Conflict if it is not what it was."""
    content = content_of(archive)
    if content is None:
        raise Conflict(_("This archive is damaged: its content does not have the hash it was stored with."))
    snapshot: Snapshot = json.loads(content)
    return snapshot
