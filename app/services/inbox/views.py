"""How many tickets wait in the saved views: one statement for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import ColumnElement, ScalarSelect, func, null, select
from sqlalchemy.orm import Session

from app.access import Actor, visible
from app.models.tickets import ACTIVE, Ticket
from app.services.inbox.queues import Places

AMONG = 999
"""Tickets among which those of saved views are sought."""


def with_views(
    session: Session,
    actor: Actor,
    known: Places,
    views: Mapping[str, ColumnElement[bool]],
    crowd: ScalarSelect[bool] | None = None,
) -> Places:
    """Return `known` with how many tickets of each view are somebody's work. One statement, if any.

    They are sought among AMONG of these tickets, so that it costs the same however many there are. `crowd`
    is asked besides: whether the view that is open is crowded.
    """
    if not views and crowd is None:
        return known
    active = select(Ticket.id).where(visible(actor, Ticket), Ticket.status.in_(ACTIVE))
    some = active.where(Ticket.archived_at.is_(None)).limit(AMONG + 1).cte().prefix_with("MATERIALIZED")
    figures = [func.count().filter(where).label(key) for key, where in views.items()]
    asked = (func.count(), null() if crowd is None else crowd, *figures)
    row = session.execute(select(*asked).join_from(some, Ticket, Ticket.id == some.c.id)).one()
    total, crowded, *numbers = row
    found = dict(zip(views, numbers, strict=True))
    least = frozenset(found if (total or 0) > AMONG else ())
    return replace(known, counts={**known.counts, **found}, least=least, crowded=bool(crowded))
