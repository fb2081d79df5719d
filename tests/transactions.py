"""Transactions of the other tests of this run: their databases share a server with ours, and its numbers."""

from __future__ import annotations

import time

from flask import Flask
from sqlalchemy import text

from app.core.extensions import db

LONGEST = 120
"""Seconds that any transaction of a test lasts at most."""
NEXT = text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
BUSY = text("SELECT datname, state, query FROM pg_stat_activity WHERE backend_xid IS NOT NULL")
OLDEST = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


def await_others(app: Flask) -> None:
    """Return once all that runs now on the server has ended: until then the feed of changes holds back."""
    with app.app_context(), db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as reader:
        begun, until = reader.scalar(NEXT), time.monotonic() + LONGEST
        while reader.scalar(OLDEST) < begun:
            assert time.monotonic() < until, reader.execute(BUSY).all()
            time.sleep(0.02)
