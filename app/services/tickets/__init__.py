"""The life of a ticket: written in, routed, assigned, answered, resolved, reopened, merged, archived."""

from __future__ import annotations

from app.services.tickets.assignment import KEEP, Keep, assign
from app.services.tickets.changes import archive, archive_all, delete, edit
from app.services.tickets.creation import add, add_all
from app.services.tickets.merging import consequences, followed, merge, targets
from app.services.tickets.status import reopen, resolve

__all__ = [
    "KEEP",
    "Keep",
    "add",
    "add_all",
    "archive",
    "archive_all",
    "assign",
    "consequences",
    "delete",
    "edit",
    "followed",
    "merge",
    "reopen",
    "resolve",
    "targets",
]
