"""All recurring work in one table, and what runs one of them.

The clockwork puts a name into the bulk queue when its time has come. Whatever runs can run twice unharmed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import update

from app.core.clock import now
from app.jobs import ageing, seal, upkeep
from app.jobs.lease import told
from app.jobs.unit import unit
from app.models.system import Schedule

log = logging.getLogger(__name__)

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Recurring:
    """Work that returns every `seconds`, and is cut off after `at_most`; `run` says what it did."""

    name: str
    seconds: int
    run: Callable[[], str]
    at_most: int = 300


RECURRING = {
    work.name: work
    for work in (
        Recurring("sample_metrics", MINUTE, upkeep.sample_metrics),
        Recurring("refresh_employee_metrics", 5 * MINUTE, upkeep.refresh_employee_metrics),
        Recurring("search_follows_fields", MINUTE // 2, upkeep.search_follows_fields, at_most=HOUR),
        Recurring("close_resolved_tickets", HOUR, ageing.close_resolved, at_most=HOUR),
        Recurring("archive_closed_tickets", HOUR, ageing.archive_closed, at_most=HOUR),
        Recurring("tell_checkpoint", HOUR, seal.tell_checkpoint),
        Recurring("thin_metrics", HOUR, upkeep.thin_metrics),
        Recurring("look_after_indexes", HOUR, upkeep.look_after_indexes),
        Recurring("purge_old_rows", 6 * HOUR, upkeep.purge, at_most=HOUR),
    )
}


def run(name: str) -> None:
    """Do the recurring work `name` and write down how it went."""
    try:
        said = RECURRING[name].run()
    except Exception as error:
        log.exception("The recurring work %s failed.", name)
        said = f"failed: {told(error)}"
    table = Schedule.__table__
    with unit() as session:
        went = update(table).where(table.c.name == name).values(last_at=now(), last_result=said[:400])
        session.connection().execute(went)
