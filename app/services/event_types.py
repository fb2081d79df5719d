"""The catalogue of events: each type with what it is about, what it carries, and its JSON Schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from app import models
from app.core.i18n import Text, _
from app.fields import Audience, Purpose, json_schema
from app.models.articles import Article
from app.models.audit import AuditBlock
from app.models.feedback import Feedback
from app.models.messages import Message
from app.models.tickets import Ticket
from app.models.webhooks import Webhook
from app.record.changes import Verb, noun_of
from app.record.outbox import PAST, told

Schema = dict[str, Any]
Refer = Callable[[Any], Schema]
"""Gives the schema of a row of a class: written out, or a reference to where it stands."""

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
CHANGED: Schema = {
    "type": "object",
    "description": "Each changed member, as it was and as it became; null where it is not shown.",
    "additionalProperties": {
        "type": "object",
        "properties": {"old": {}, "new": {}},
        "required": ["old", "new"],
        "additionalProperties": False,
    },
}
CHECKPOINT: Schema = {
    "type": "object",
    "properties": {
        "block": NUMBER,
        "last_id": NUMBER,
        **dict.fromkeys(("mac", "key_id", "sealed_at", "made_at", "signature"), TEXT),
    },
    "required": ["block", "last_id", "mac", "key_id", "sealed_at", "made_at", "signature"],
    "additionalProperties": False,
}
ARCHIVED = {"archive_id": NUMBER, "sha256": TEXT}

TEST = "WEBHOOK_TEST"
"""The event of a test: nobody listens to it, it is only sent by hand."""


@dataclass(frozen=True, slots=True)
class EventType:
    """One type: when it happens, the class its `object` is a row of, and further members of `data`.

    `carries` gives each further member by its name: a schema, or the class it is a row of.
    """

    name: str
    meaning: Text
    about: Any
    carries: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    holds_notes: bool = False
    """It is told only where internal notes are included."""


DEEDS = (
    EventType("TICKET_ASSIGNED", _("A ticket got another employee or team"), Ticket, {"reason": TEXT}),
    EventType("TICKET_REPLIED", _("Somebody answered in a ticket"), Ticket, {"message": Message}),
    EventType(
        "TICKET_NOTE_ADDED", _("An internal note was written"), Ticket, {"message": Message}, holds_notes=True
    ),
    EventType("TICKET_RESOLVED", _("A ticket was resolved"), Ticket),
    EventType("TICKET_REOPENED", _("A resolved ticket was taken up again"), Ticket),
    EventType(
        "TICKET_MERGED", _("A ticket was closed and goes on in the one that merged_into_id names"), Ticket
    ),
    EventType("TICKET_ARCHIVED", _("A ticket went to the archive"), Ticket, ARCHIVED),
    EventType("TICKET_RESTORED", _("A ticket came back from the archive"), Ticket, ARCHIVED),
    EventType("FEEDBACK_RECEIVED", _("A customer rated a ticket"), Feedback),
    EventType("ARTICLE_PUBLISHED", _("An article became public"), Article),
    EventType(
        "AUDIT_CHECKPOINT", _("A block of the audit log was sealed"), AuditBlock, {"checkpoint": CHECKPOINT}
    ),
)
"""Events of deeds; those of plain changes come with the declarations."""

TESTED = EventType(TEST, _("Somebody tests a webhook; it is sent by hand only"), Webhook)


@cache
def known() -> Mapping[str, EventType]:
    """Return every type one can listen to, in alphabetical order."""
    changes = (one for model in models.load() if model.resource.events for one in _changes(model))
    return {one.name: one for one in sorted((*DEEDS, *changes), key=lambda one: one.name)}


def choices() -> tuple[tuple[str, Text], ...]:
    """Return what a form offers."""
    return tuple((name, name) for name in known())


def _changes(model: Any) -> Iterator[EventType]:
    noun, thing = noun_of(model), model.resource.title
    meanings = {
        Verb.CREATE: _("Added: %(thing)s", thing=thing),
        Verb.UPDATE: _("Changed: %(thing)s", thing=thing),
        Verb.DELETE: _("Deleted: %(thing)s", thing=thing),
    }
    for verb, meaning in meanings.items():
        yield EventType(
            f"{noun}_{PAST[verb]}", meaning, model, {"changed": CHANGED} if verb is Verb.UPDATE else {}
        )


def schema_of(kind: EventType, refer: Refer) -> Schema:
    """Return the JSON Schema (2020-12) of what a receiver is sent."""
    carried = {name: refer(one) if isinstance(one, type) else dict(one) for name, one in kind.carries.items()}
    return _object(
        type={"const": kind.name},
        timestamp={"type": "string", "format": "date-time"},
        sequence={"type": "integer", "description": "It grows from event to event: it puts them into order."},
        data=_object(object=refer(kind.about), actor={"type": "string"}, **carried),
    )


def row_schema(session: Session, model: Any) -> Schema:
    """Return the schema of what is told of a row, with the custom fields as they are now."""
    return json_schema(told(session, model), Audience.API, Purpose.READ)


def classes() -> tuple[Any, ...]:
    """Return the classes whose rows events tell of."""
    kinds = (*known().values(), TESTED)
    found = [kind.about for kind in kinds]
    found += [one for kind in kinds for one in kind.carries.values() if isinstance(one, type)]
    return tuple(dict.fromkeys(found))


def _object(**members: Schema) -> Schema:
    return {
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
    }
