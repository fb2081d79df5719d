"""The feed of changes: events in an order in which one can read on, with none missed and none twice.

The numbers of rows are handed out before the commit: a transaction that takes long would put its rows
behind a reader who has passed their numbers. So events are told in the order of their transactions, and only
those of transactions below the oldest that still runs, among which nothing can appear any more.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import BigInteger, Text, cast, func, select, tuple_
from sqlalchemy.orm import Session

from app.access import Actor, hidden, scope_of, sees_internal
from app.core.clock import now
from app.core.declare import Can, Scope
from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.models.webhooks import Event
from app.services import event_types
from app.services.event_types import EventType

LAST = 2**63 - 1
"""No row has a greater number."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader stands: behind this event of this transaction, since this moment (seconds)."""

    transaction: int
    event: int
    since: int

    @classmethod
    def read(cls, text: str, kept: dt.timedelta) -> Place:
        """Return the place that a cursor of ours names. Raises Invalid, and Conflict if it is too old.

        Whoever did not read for as long as events are `kept` begins anew.
        """
        try:
            place = cls(*orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))
            sound = all(0 <= part <= LAST for part in (place.transaction, place.event, place.since))
        except (ValueError, TypeError, binascii.Error):
            sound = False
        if not sound:
            raise Invalid.one("cursor", "malformed", _("This cursor is not one of ours. Start without it."))
        if place.since < (now() - kept).timestamp():
            raise Conflict(_("This cursor is too old. Read all rows anew, and start without a cursor."))
        return place

    def write(self) -> str:
        """Return the cursor of the place."""
        packed = orjson.dumps([self.transaction, self.event, self.since])
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Passage:
    """Some events in their order, the place behind them, and whether there are more by now."""

    events: Sequence[Event]
    place: Place
    more: bool


def told_to(actor: Actor) -> dict[str, EventType]:
    """Return the types of events the actor may read: about things of which they see all rows, wholly."""
    return {name: kind for name, kind in event_types.known().items() if _may_read(actor, kind)}


def start(session: Session) -> Place:
    """Return the place behind all that has happened by now."""
    return _behind(_running(session).oldest)


def after(session: Session, place: Place | None, types: Iterable[str], limit: int) -> Passage:
    """Return the next events of `types` behind `place`, or the first there are.

    Raises Conflict for a place that this database never came to, because it was restored since.
    """
    running = _running(session)  # asked first: what had ended by then can be seen whenever it is read
    if place is not None and place.transaction >= running.next:
        raise Conflict(_("This database was restored. Read all rows anew, and start without a cursor."))
    order = (Event.transaction_id, Event.id)
    where = [Event.transaction_id < running.oldest, Event.event_type.in_(sorted(types))]
    where += [tuple_(*order) > tuple_(place.transaction, place.event)] if place else []
    found = session.scalars(select(Event).where(*where).order_by(*order).limit(limit + 1)).all()
    if len(found) <= limit:
        return Passage(found, _behind(running.oldest), more=False)
    last = found[limit - 1]
    return Passage(found[:limit], Place(last.transaction_id or 0, last.id, _moment()), more=True)


def _running(session: Session) -> Any:
    """Return the numbers of the oldest transaction that still runs (`oldest`) and of the next one."""
    present = func.pg_current_snapshot()
    bounds = {"oldest": func.pg_snapshot_xmin(present), "next": func.pg_snapshot_xmax(present)}
    numbers = (cast(cast(bound, Text), BigInteger).label(name) for name, bound in bounds.items())
    return session.execute(select(*numbers)).one()


def _behind(oldest: int) -> Place:
    """Return the place behind every transaction before `oldest`."""
    return Place(oldest - 1, LAST, _moment())


def _moment() -> int:
    return int(now().timestamp())


def _may_read(actor: Actor, kind: EventType) -> bool:
    told = (kind.about, *(one for one in kind.carries.values() if isinstance(one, type)))
    if kind.holds_notes and not sees_internal(actor):
        return False
    return all(scope_of(actor, Can.READ, model) is Scope.ALL and not hidden(actor, model) for model in told)
