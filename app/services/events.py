"""Events: which there are, and telling one again."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict
from app.core.i18n import _
from app.models.effects import State
from app.models.webhooks import Event
from app.record import flush, log
from app.services import event_types


def types() -> tuple[str, ...]:
    """Return every type of event one can listen to, in alphabetical order."""
    return tuple(event_types.known())


STATE = ("state",)
"""The columns that `offered` reads."""


def offered(event: Event) -> tuple[str, ...]:
    """Return the actions that make sense for an event as it stands."""
    return ("retry",) if event.state is State.PARKED else ()


def retry(session: Session, actor: Actor, event: Event) -> Event:
    """Publish a parked event anew. Raises Conflict unless it is parked."""
    require(actor, Can.EDIT, event)
    if event.state is not State.PARKED:
        raise Conflict(_("Only a parked event can be tried again."))
    event.state, event.due_at, event.leased_until, event.lease_count = State.WAITING, now(), None, 0
    flush(session)
    log(session, "RETRY", event)
    return event
