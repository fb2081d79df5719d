"""The write path, hung on the SQLAlchemy session, so that no surface can forget it.

Every flush validates, checks the version, and writes history, audit and events in the same
transaction; after the commit the queue is told. A write without an actor is refused.
"""

from __future__ import annotations

from app.record.act import Act, act_as, act_of, by_rules
from app.record.audit import log, log_all
from app.record.changes import Change, Verb
from app.record.hints import hint, is_quiet, new_effect
from app.record.history import label_of, note
from app.record.hooks import install, plainly, tell
from app.record.outbox import emit, emit_all
from app.record.rows import put, together
from app.record.version import expect, flush

__all__ = [
    "Act",
    "Change",
    "Verb",
    "act_as",
    "act_of",
    "by_rules",
    "emit",
    "emit_all",
    "expect",
    "flush",
    "hint",
    "install",
    "is_quiet",
    "label_of",
    "log",
    "log_all",
    "new_effect",
    "note",
    "plainly",
    "put",
    "tell",
    "together",
]
