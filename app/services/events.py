"""Events: which there are, and telling one again."""

from __future__ import annotations

from functools import cache

from sqlalchemy.orm import Session

from app import models
from app.access import Actor, require
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict
from app.core.i18n import _
from app.models.effects import State
from app.models.webhooks import Event
from app.record import flush, log
from app.record.changes import noun_of
from app.record.outbox import PAST

NOTE_EVENTS = frozenset({"TICKET_NOTE_ADDED"})
"""Events that carry internal notes: only for webhooks that include them."""

DEEDS = (
    "TICKET_ASSIGNED",
    "TICKET_REPLIED",
    "TICKET_NOTE_ADDED",
    "TICKET_RESOLVED",
    "TICKET_REOPENED",
    "TICKET_MERGED",
    "TICKET_ARCHIVED",
    "TICKET_RESTORED",
    "FEEDBACK_RECEIVED",
    "CUSTOMER_CREATED",
    "ARTICLE_PUBLISHED",
    "AUDIT_CHECKPOINT",
)
"""Events of deeds; those of plain changes come with the declarations."""


@cache
def types() -> tuple[str, ...]:
    """Return every type of event there is, in alphabetical order."""
    nouns = [noun_of(model) for model in models.load() if model.resource.events]
    return tuple(sorted({*DEEDS, *(f"{noun}_{past}" for noun in nouns for past in PAST.values())}))


def retry(session: Session, actor: Actor, event: Event) -> Event:
    """Publish a parked event anew. Raises Conflict unless it is parked."""
    require(actor, Can.EDIT, event)
    if event.state is not State.PARKED:
        raise Conflict(_("Only a parked event can be tried again."))
    event.state, event.due_at, event.leased_until, event.lease_count = State.WAITING, now(), None, 0
    flush(session)
    log(session, "RETRY", event)
    return event
