"""The proof of an archive: the SHA-256 of its canonical bytes, and the bytes themselves."""

from __future__ import annotations

import hashlib
import json
import zlib

from app.core.errors import Conflict
from app.core.i18n import _
from app.models.archives import Archive
from app.services.archives.snapshot import Snapshot


def digest(content: bytes) -> str:
    """Return the SHA-256 of canonical bytes as hex digits."""
    return hashlib.sha256(content).hexdigest()


def verify(archive: Archive) -> bool:
    """Tell whether the stored snapshot is still what was archived, bit for bit."""
    try:
        return digest(zlib.decompress(archive.snapshot)) == archive.sha256
    except zlib.error:
        return False


def open_snapshot(archive: Archive) -> Snapshot:
    """Return what was archived. Raises Conflict if it is not what it was."""
    if not verify(archive):
        raise Conflict(_("This archive is damaged: its content does not have the hash it was stored with."))
    snapshot: Snapshot = json.loads(zlib.decompress(archive.snapshot))
    return snapshot
