"""What the queue calls: `run(kind, row)` brings one kind of effect to the outside.

A job is only a hint that something is due. It looks for itself, takes a lease, acts outside of any
transaction, and writes down what came of it in one; a holder that was overtaken writes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import Row, Table, select
from sqlalchemy.orm import Session

from app.core.extensions import enqueue
from app.jobs import deliver, lease, send, slots
from app.jobs.crew import Crew
from app.jobs.publish import publish
from app.jobs.unit import unit
from app.models.mails import Mail
from app.models.webhooks import Delivery

log = logging.getLogger(__name__)

ROUNDS = 50
"""Deliveries a thread makes to one receiver before the rest goes to the end of the queue."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of effect comes about: claimed and recorded in transactions, acted on between them."""

    table: Table
    claim: Callable[[Session, int], Row[Any] | None]
    act: Callable[[Row[Any]], Any]
    record: Callable[[Session, Row[Any], Any], None]


DELIVERY = Kind(Delivery.__table__, slots.claim, deliver.post, deliver.record)
MAIL = Kind(Mail.__table__, send.claim, send.send, send.record)


def run(kind: str, row: int) -> None:
    """Do what `kind` and `row` hint at: on a thread of this worker's crew, or at once where there is none."""
    crew = _crew()
    if crew is None:
        RUNS[kind](row)
    else:
        crew.take(RUNS[kind], row)


def events(_row: int) -> None:
    """Publish all events that are due, oldest first, and go on with their deliveries."""
    while delivered := publish():
        hand_on([row for rows in delivered.values() for row in rows[: slots.AT_ONCE]])


def deliveries(row: int) -> None:
    """Make the deliveries that are due to the receiver of delivery `row`, while it has a slot free."""
    with unit() as session:
        table = DELIVERY.table
        webhook = session.connection().scalar(select(table.c.webhook_id).where(table.c.id == row))
    if webhook is None:
        return
    for _round in range(ROUNDS):
        if _is_resting() or not bring_about(DELIVERY, webhook):
            return
    enqueue([("delivery", row)])


def mails(row: int) -> None:
    """Send mail `row`."""
    bring_about(MAIL, row)


RUNS: dict[str, Callable[[int], None]] = {"event": events, "delivery": deliveries, "mail": mails}


def hand_on(rows: Iterable[int]) -> None:
    """Let deliveries follow their event at once: on free threads, else by the queue."""
    crew = _crew()
    if crew is None:
        for row in rows:
            deliveries(row)
    else:
        enqueue([("delivery", row) for row in rows if not crew.offer(deliveries, row)])


def _crew() -> Crew | None:
    return current_app.extensions.get("frontdesk_crew")


def _is_resting() -> bool:
    crew = _crew()
    return crew is not None and crew.resting.is_set()


def bring_about(kind: Kind, which: int) -> bool:
    """Claim, act, record; tell whether there was anything to do."""
    with unit() as session:
        row = kind.claim(session, which)
    if row is None:
        return False
    try:
        outcome = kind.act(row)
        with unit() as session:
            kind.record(session, row, outcome)
    except lease.Lost:
        log.warning("%s %d went to another worker meanwhile.", kind.table.name, row.id)
    except Exception as error:
        log.exception("%s %d failed by our own fault.", kind.table.name, row.id)
        _give_back(kind, row, error)
    return True


def _give_back(kind: Kind, row: Row[Any], error: Exception) -> None:
    try:
        with unit() as session:
            lease.give_back(session, kind.table, row, error)
    except lease.Lost:
        log.warning("%s %d went to another worker meanwhile.", kind.table.name, row.id)
