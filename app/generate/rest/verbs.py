"""Deeds beyond reading and writing: one row of a table each, read by the routes and by the document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app import services
from app.access import Actor, ActorKind
from app.core.declare import Can
from app.core.errors import Forbidden
from app.core.i18n import Text, _
from app.fields import FieldSet, Purpose
from app.models.archives import Archive
from app.models.fields import FieldDefinition
from app.models.jobs import Job
from app.models.messages import Message
from app.models.tickets import Ticket
from app.models.webhooks import Delivery, Webhook
from app.record import expect
from app.services import merges, messages, replays, tickets, webhooks
from app.services.retyping import asking

Deed = Callable[[Session, Actor, Any, dict[str, Any], int | None], Any]
"""Takes the row, the checked values of the body and the version the caller saw; returns the row to answer."""


@dataclass(frozen=True, kw_only=True)
class Verb:
    """`POST /<table>/{id}/<path>`."""

    path: str
    model: Any
    summary: Text
    do: Deed
    gives: Any
    """The class of the row that is answered."""
    can: Can = Can.EDIT
    scope: str | None = None
    """A named scope that a key needs besides."""
    takes: tuple[Any, tuple[str, ...], Purpose] | None = None
    """The class and names of the fields in the body; None for no body."""
    chooses: Callable[[], FieldSet] | None = None
    """Gives the fields of a body whose members are no fields of a class."""
    status: int = 200
    once: bool = False
    """The answer holds what is shown of the row this once."""

    def is_in_scope(self, actor: Actor) -> bool:
        """Tell whether the actor has the named scope; only keys need one."""
        return not self.scope or actor.kind is not ActorKind.KEY or bool(actor.scopes & {self.scope, "admin"})

    def require_scope(self, actor: Actor) -> None:
        """Raise Forbidden, naming the scope, if the actor is a key without it."""
        if self.scope and not self.is_in_scope(actor):
            raise Forbidden(self.scope)


def _say(
    session: Session, actor: Actor, ticket: Ticket, values: dict[str, Any], _seen: int | None
) -> Message:
    return messages.add(session, actor, values | {"ticket_id": ticket.id})


def _assign(
    session: Session, actor: Actor, ticket: Ticket, values: dict[str, Any], seen: int | None
) -> Ticket:
    kept = values.get("assignee_id", ticket.assignee_id)
    return tickets.assign(
        session, actor, ticket, kept, team_id=values.get("team_id", tickets.KEEP), expected=seen
    )


def _resolve(
    session: Session, actor: Actor, ticket: Ticket, _values: dict[str, Any], seen: int | None
) -> Ticket:
    return tickets.resolve(session, actor, ticket, seen)


def _reopen(
    session: Session, actor: Actor, ticket: Ticket, _values: dict[str, Any], seen: int | None
) -> Ticket:
    return tickets.reopen(session, actor, ticket, seen)


def _merge(
    session: Session, actor: Actor, ticket: Ticket, values: dict[str, Any], seen: int | None
) -> Ticket:
    said = values.get(merges.COMMENT) or ""
    return merges.merge(session, actor, ticket, values.get(merges.INTO), comment=said, expected=seen)


def _replay(
    session: Session, actor: Actor, webhook: Webhook, values: dict[str, Any], seen: int | None
) -> Job:
    expect(webhook, seen)
    return webhooks.replay(session, actor, webhook, replays.Wanted.of(values))


def _retype(
    session: Session, actor: Actor, definition: FieldDefinition, values: dict[str, Any], seen: int | None
) -> Job:
    expect(definition, seen)
    return asking.start(session, actor, definition, values)


def _declared(verb: str) -> Deed:
    """Return the deed of an action that the declaration offers beside a row."""

    def do(session: Session, actor: Actor, row: Any, _values: dict[str, Any], seen: int | None) -> Any:
        return services.act(session, actor, row, verb, seen)

    return do


VERBS = (
    Verb(
        path="messages", model=Ticket, gives=Message, do=_say, can=Can.READ, status=201,
        takes=(Message, ("message_body", "is_internal"), Purpose.CREATE),
        summary=_("Answer a ticket, or add an internal note"),
    ),
    Verb(
        path="assign", model=Ticket, gives=Ticket, do=_assign,
        takes=(Ticket, ("assignee_id", "team_id"), Purpose.PATCH),
        summary=_("Give a ticket to an employee or a team; null takes it away"),
    ),
    Verb(path="resolve", model=Ticket, gives=Ticket, do=_resolve, summary=_("Say that a ticket is solved")),
    Verb(path="reopen", model=Ticket, gives=Ticket, do=_reopen, summary=_("Take up a resolved ticket again")),
    Verb(
        path="merge", model=Ticket, gives=Ticket, do=_merge, chooses=merges.choice,
        summary=_("Close a ticket and let it go on in another of the same requester, which is answered"),
    ),
    Verb(
        path="archive", model=Ticket, gives=Archive, do=_declared("archive"), scope="archive", status=201,
        summary=_("Take a resolved ticket to the archive"),
    ),
    Verb(
        path="restore", model=Archive, gives=Ticket, do=_declared("restore"), scope="archive",
        summary=_("Bring a ticket back from the archive"),
    ),
    Verb(
        path="retire", model=FieldDefinition, gives=FieldDefinition, do=_declared("retire"),
        summary=_("Ask nobody for a field any more; its values stay"),
    ),
    Verb(
        path="bring_back", model=FieldDefinition, gives=FieldDefinition, do=_declared("bring_back"),
        summary=_("Ask for a retired field again"),
    ),
    Verb(
        path="retype", model=FieldDefinition, gives=Job, do=_retype, status=202, chooses=asking.choice,
        summary=_("Give a field another type and rewrite its values"),
    ),
    Verb(
        path="test", model=Webhook, gives=Delivery, do=_declared("test"), once=True,
        summary=_("Send a test event now and answer what came of it"),
    ),
    Verb(
        path="replay_failed", model=Webhook, gives=Job, do=_declared("replay_failed"), scope="replay",
        status=202,
        summary=_("Send every event again that a webhook missed"),
    ),
    Verb(
        path="replay", model=Webhook, gives=Job, do=_replay, scope="replay", status=202,
        chooses=lambda: replays.CHOICE,
        summary=_("Send the events of a time, of some types or in a state again"),
    ),
    Verb(
        path="new_secret", model=Webhook, gives=Webhook, do=_declared("new_secret"), once=True,
        summary=_("Make a new secret; the former one signs too for a day"),
    ),
    Verb(
        path="cancel", model=Job, gives=Job, do=_declared("cancel"),
        summary=_("Stop a job; what is done stays done"),
    ),
    Verb(
        path="retry", model=Job, gives=Job, do=_declared("retry"),
        summary=_("Go on with a job that stopped"),
    ),
    Verb(
        path="replay", model=Delivery, gives=Delivery, do=_declared("replay"), scope="replay", status=202,
        summary=_("Send an event to its webhook again"),
    ),
)  # fmt: skip


def verbs_of(model: Any) -> tuple[Verb, ...]:
    """Return the verbs on rows of `model`."""
    return tuple(verb for verb in VERBS if verb.model is model)
