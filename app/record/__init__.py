"""The write path, hung on the SQLAlchemy session, so that no surface can forget it.

Every flush validates, checks the version, and writes history, audit and events in the same
transaction; after the commit the queue is told. A write without an actor is refused.
"""

from __future__ import annotations

from app.record.act import Act, act_as, act_of, by_rule
from app.record.audit import log
from app.record.hooks import install, plainly
from app.record.outbox import emit, hint
from app.record.version import expect, flush

__all__ = [
    "Act",
    "act_as",
    "act_of",
    "by_rule",
    "emit",
    "expect",
    "flush",
    "hint",
    "install",
    "log",
    "plainly",
]
