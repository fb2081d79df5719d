"""The audit log, sealed: blocks over its rows, checkpoints of the last block, and the look at all of it.

docs/adr/audit-is-sealed-in-blocks.md says what this detects, and what it cannot.
"""

from __future__ import annotations

from app.services.audit.checkpoint import Checkpoint, take, tell
from app.services.audit.seal import Sealer, seal_now
from app.services.audit.verify import Report, verify

__all__ = ["Checkpoint", "Report", "Sealer", "seal_now", "take", "tell", "verify"]
