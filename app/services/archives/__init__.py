"""Archiving with proof: a ticket leaves for a verified snapshot, a stub stays, and it comes back exactly."""

from __future__ import annotations

from app.services.archives.proof import verify
from app.services.archives.restoring import restore, restore_all
from app.services.archives.taking import take, take_all

__all__ = ["restore", "restore_all", "take", "take_all", "verify"]
