"""What the queue calls: `run("mail", 7, "event", 9)` brings effects to the outside.

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
from app.jobs import deliver, lease, long, send, slots
from app.jobs.crew import Crew
from app.jobs.publish import publish
from app.jobs.unit import unit
from app.models.mails import Mail
from app.models.webhooks import Delivery

log = logging.getLogger(__name__)

ROUNDS = 50
"""Deliveries a thread makes to one receiver before it looks whether others wait for a thread."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of effect comes about: claimed and recorded in transactions, acted on between them.

    `go_on` claims the next after a record, in the same transaction.
    """

    table: Table
    claim: Callable[[Session, int], Row[Any] | None]
    go_on: Callable[[Session, int], Row[Any] | None]
    act: Callable[[Row[Any]], Any]
    record: Callable[[Session, Row[Any], Any], None]


DELIVERY = Kind(Delivery.__table__, slots.claim, slots.go_on, deliver.post, deliver.record)
MAIL = Kind(Mail.__table__, send.claim, send.claim, send.send, send.record)


def run(*told: Any) -> None:
    """Do what kinds and rows, in turns, hint at: on threads of this worker's crew, or here if it has none."""
    crew = _crew()
    for kind, row in zip(told[::2], told[1::2], strict=True):
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
    if webhook is not None and bring_about(DELIVERY, webhook, _may_go_on):
        enqueue([("delivery", row)])


def mails(row: int) -> None:
    """Send mail `row`."""
    bring_about(MAIL, row, again=lambda _done: False)


RUNS: dict[str, Callable[[int], None]] = {
    "event": events,
    "delivery": deliveries,
    "mail": mails,
    "job": long.run,
}


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


def _may_go_on(done: int) -> bool:
    """Tell whether a thread may go on with the same receiver: others want a turn, and the crew may rest."""
    crew = _crew()
    if crew is None:
        return True
    return not crew.resting.is_set() and (done < ROUNDS or crew.has_room())


def bring_about(kind: Kind, which: int, again: Callable[[int], bool]) -> bool:
    """Claim and do what is due while `again` agrees to go on after so many; tell whether it stopped that.

    What came of one and the claim of the next go into one transaction.
    """
    with unit() as session:
        row = kind.claim(session, which)
    done, goes_on = 0, True
    while row is not None:
        done += 1
        goes_on = again(done)
        row = _do(kind, row, which if goes_on else None)
    return not goes_on


def _do(kind: Kind, row: Row[Any], following: int | None) -> Row[Any] | None:
    """Act on `row`, record it, and claim what is due next for `following`, if given."""
    try:
        outcome = kind.act(row)
        with unit() as session:
            kind.record(session, row, outcome)
            return None if following is None else kind.go_on(session, following)
    except lease.Lost:
        log.warning("%s %d went to another worker meanwhile.", kind.table.name, row.id)
    except Exception as error:
        log.exception("%s %d failed by our own fault.", kind.table.name, row.id)
        _give_back(kind, row, error)
    return None


def _give_back(kind: Kind, row: Row[Any], error: Exception) -> None:
    try:
        with unit() as session:
            lease.give_back(session, kind.table, row, error)
    except lease.Lost:
        log.warning("%s %d went to another worker meanwhile.", kind.table.name, row.id)
