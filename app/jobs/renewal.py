"""A lease kept while its holder works: that may take its time, and a killed holder keeps nothing for long."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Row, Table
from sqlalchemy.exc import SQLAlchemyError

from app.jobs import lease
from app.jobs.unit import unit

log = logging.getLogger(__name__)

EVERY = 10.0
"""Seconds between two renewals: a third of a lease, so that two may fail."""


@contextmanager
def renewed(table: Table, row: Row[Any], seconds: int) -> Iterator[None]:
    """Renew the lease of `row` for `seconds` again and again while the block runs."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    ended = threading.Event()
    keeper = threading.Thread(target=_keep, args=(app, ended, table, row, seconds), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()


def _keep(app: Flask, ended: threading.Event, table: Table, row: Row[Any], seconds: int) -> None:
    while not ended.wait(EVERY):
        try:
            with app.app_context(), unit() as session:
                if not lease.renew(session, table, row, seconds):
                    return
        except SQLAlchemyError as error:
            log.warning("A lease could not be renewed: %s", str(error).splitlines()[0])
