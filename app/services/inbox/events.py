"""What happened to a ticket besides what was said: changes, and decisions of routing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, false, func, literal, select, true, union_all
from sqlalchemy.orm import Session

from app.access import Actor, may, per_actor, visible
from app.core.declare import Can
from app.fields import Audience
from app.models.people import Employee
from app.models.routing import Decision
from app.models.tickets import Ticket, TicketChange
from app.services.seen import unseen, without

NEWEST = 200
"""Events shown at most."""


@dataclass(frozen=True)
class Event:
    """A change (`body` holds old and new by field) or a decision (`body` holds trace, inputs, outcome)."""

    id: int
    moment: dt.datetime
    who: str
    source: str
    rule_id: int | None
    body: Mapping[str, Any]
    is_decision: bool


def events(session: Session, actor: Actor, ticket: Ticket) -> list[Event]:
    """Return the newest events of a ticket that was opened, oldest first: one statement.

    Fields the actor never sees are left out; decisions are shown to those who may read them.
    """
    hide = unseen(session, actor, Ticket, Audience.AGENT)
    secret = hide | unseen(session, actor, Employee, Audience.AGENT)
    rows = session.execute(_newest(actor), {"ticket": ticket.id})
    found = [_event(row, hide, secret) for row in rows]
    return [event for event in reversed(found) if event.body]


@per_actor
def _newest(actor: Actor) -> Select[Any]:
    parts = [_changes(), _decisions(actor)] if may(actor, Can.READ, Decision) else [_changes()]
    every = union_all(*parts).subquery()
    newest = select(every).order_by(every.c.created_at.desc(), every.c.is_decision, every.c.id.desc())
    return newest.limit(NEWEST)


def _changes() -> Select[Any]:
    row = TicketChange
    return select(
        row.id,
        row.created_at,
        row.changed_by,
        row.source,
        row.rule_id,
        row.changes.label("body"),
        false().label("is_decision"),
    ).where(row.ticket_id == bindparam("ticket"))


def _decisions(actor: Actor) -> Select[Any]:
    body = func.jsonb_build_object(
        "trace", Decision.trace, "inputs", Decision.inputs, "outcome", Decision.outcome
    )
    return select(
        Decision.id,
        Decision.created_at,
        literal("system"),
        literal("routing"),
        literal(None),
        body,
        true(),
    ).where(Decision.ticket_id == bindparam("ticket"), visible(actor, Decision))


def _event(row: Any, hide: frozenset[str], secret: frozenset[str]) -> Event:
    body = without(row.body, secret if row.is_decision else hide)
    return Event(row.id, row.created_at, row.changed_by, row.source, row.rule_id, body, row.is_decision)
