"""The timeline: what was said, what happened and what routing decided, in one order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from markupsafe import Markup

from app.adapters import markdown
from app.core.i18n import Text, _
from app.fields import FieldSet
from app.models.messages import Message, SenderType
from app.models.tickets import Channel, Ticket
from app.record import label_of
from app.services.inbox import Conversation, Event, People
from app.views.inbox import decision
from app.views.inbox.entries import Entry, Happened, Said, Turn

QUIET = {
    "first_response_at", "last_customer_at", "last_agent_at", "resolved_at", "closed_at", "customer_id",
    "language", "archived_at",
}  # fmt: skip
"""Columns that follow from something else which the timeline tells."""
NAMED = {
    "assignee_id": "employee", "team_id": "team", "merged_into_id": "ticket", "merged_from": "ticket",
}  # fmt: skip
"""References, and whose names they are."""
CHANNELS: dict[Channel, Text] = {
    Channel.PORTAL: _("wrote in by the portal"),
    Channel.EMAIL: _("wrote in by e-mail"),
    Channel.API: _("wrote in by the API"),
    Channel.AGENT: _("was written for by an agent"),
}


def labels(ticket: Ticket, conversation: Conversation, events: Iterable[Event]) -> set[str]:
    """Return the labels of everybody the timeline mentions, and of who has the ticket."""
    found = {f"employee:{ticket.assignee_id}", f"team:{ticket.team_id}"}
    found.update(f"{m.sender_type.value}:{m.sender_id}" for m in conversation.messages if m.sender_id)
    for event in events:
        found.add(event.who)
        found.update(decision.labels(event) if event.is_decision else _mentioned(event))
    return found


def timeline(
    ticket: Ticket, conversation: Conversation, events: Iterable[Event], fields: FieldSet, people: People
) -> tuple[Entry, ...]:
    """Return the entries, oldest first."""
    entries: list[Entry] = [_said(message, ticket, people) for message in conversation.messages]
    if not conversation.earlier and ticket.archived_at is None:  # what was asked lies in the archive too
        entries.append(_request(ticket))
    entries += [_happened(event, ticket, fields, people) for event in events]
    first = min((one.created_at for one in conversation.messages), default=ticket.created_at)
    shown = [one for one in entries if _tells(one) and not (conversation.earlier and one.moment < first)]
    return tuple(sorted(shown, key=lambda entry: (entry.moment, entry.rank)))


def requester(ticket: Ticket) -> str:
    """Return how the requester is called."""
    return ticket.customer.name if ticket.customer else ticket.email


def _request(ticket: Ticket) -> Said:
    return Said(
        moment=ticket.created_at,
        who=requester(ticket),
        html=markdown.render(ticket.description or ""),
        tone="customer",
        anchor="request",
    )


def _said(message: Message, ticket: Ticket, people: People) -> Said:
    ours = message.sender_type is not SenderType.CUSTOMER
    name = people.name(message.sender_type.value, message.sender_id)
    return Said(
        moment=message.created_at,
        who=name or (_("Frontdesk") if ours else requester(ticket)),
        html=Markup(message.body_html or "")  # noqa: S704  sanitised when it was written
        or markdown.render(message.message_body),
        tone="note" if message.is_internal else "ours" if ours else "customer",
        anchor=f"message-{message.id}",
    )


def _happened(event: Event, ticket: Ticket, fields: FieldSet, people: People) -> Entry:
    if event.is_decision:
        return decision.routed(event, fields, people)
    who = people.names.get(event.who) or (_("Frontdesk") if event.who == "system" else event.who)
    if event.body.get("email", {}).get("old", "") is None:
        return Happened(moment=event.moment, who=requester(ticket), what=CHANNELS[ticket.channel], rank=1)
    return Happened(moment=event.moment, who=who, turns=tuple(_turns(event, fields, people)))


def _turns(event: Event, fields: FieldSet, people: People) -> Iterator[Turn]:
    for name, change in event.body.items():
        if name not in QUIET:
            yield Turn(
                label=fields[name].label if name in fields else label_of(name),
                before=_value(fields, people, name, change.get("old")),
                after=_value(fields, people, name, change.get("new")),
            )


def _value(fields: FieldSet, people: People, name: str, value: Any) -> str:
    if name in NAMED and value is not None:
        return people.name(NAMED[name], value) or f"#{value}"
    return decision.said(fields, name, value)


def _mentioned(event: Event) -> Iterator[str]:
    for name, kind in NAMED.items():
        change = event.body.get(name, {})
        yield from (f"{kind}:{change[side]}" for side in ("old", "new") if change.get(side))


def _tells(entry: Entry) -> bool:
    return not isinstance(entry, Happened) or bool(entry.what or entry.turns)
