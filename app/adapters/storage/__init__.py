"""Where files are kept: a folder of this machine, or memory in tests. Names are random."""

from __future__ import annotations

from app.adapters.storage.keep import FolderStorage, MemoryStorage, Storage, from_config

__all__ = ["FolderStorage", "MemoryStorage", "Storage", "from_config"]
