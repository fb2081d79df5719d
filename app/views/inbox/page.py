"""The inbox page: navigation's choice, the list, and the opened ticket with everything beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session

from app.access import Actor, may
from app.core import prepared
from app.core.declare import Can
from app.core.extensions import db
from app.core.i18n import Text, _
from app.fields import fields_of
from app.generate.pages import Fact, FormSection
from app.models.feedback import Feedback
from app.models.messages import Message
from app.models.tickets import Ticket
from app.services import inbox
from app.services.inbox import Line, Macros, Other, Queue
from app.views.inbox import facts, kept
from app.views.inbox.address import Address
from app.views.inbox.composer import EMPTY, Composer
from app.views.inbox.entries import Entry
from app.views.inbox.facts import Refused
from app.views.inbox.picked import Picked, picked
from app.views.inbox.places import counted, places
from app.views.inbox.timeline import labels, requester, timeline

CHIPS: tuple[tuple[str, Text], ...] = (
    ("open", _("Open")),
    ("pending", _("Pending")),
    ("resolved", _("Resolved")),
    ("all", _("All")),
)


@dataclass(frozen=True, kw_only=True)
class TicketPane:
    """The opened ticket."""

    me: int | None
    ticket: Ticket
    requester: str
    assignee: str | None
    timeline: tuple[Entry, ...]
    newest: int
    earlier_url: str | None
    previous: int | None
    next: int | None
    macros: Macros
    employees: Mapping[int, str]
    sections: tuple[FormSection, ...]
    settled: tuple[Fact, ...]
    problems: Sequence[Text]
    others: tuple[Other, ...]
    feedback: Feedback | None
    may_edit: bool
    may_reply: bool
    composer: Composer
    picked: tuple[Picked, ...]


@dataclass(frozen=True, kw_only=True)
class InboxPage:
    """The list of a queue, and the ticket opened beside it."""

    address: Address
    queue: Queue
    count: str
    state: str
    chips: tuple[tuple[str, Text], ...]
    lines: tuple[Line, ...]
    older: str | None
    by_activity: bool
    """Whether the newest activity stands first."""
    opened: TicketPane | None


def draw(
    actor: Actor,
    address: Address,
    number: int | None,
    composer: Composer = EMPTY,
    refused: Refused | None = None,
) -> str:
    """Return the page as HTML. Raises NotFound for a queue or ticket the actor may not see."""
    session = db.session()
    known = places(actor)
    queue = kept.queue(session, actor, address.view, known) or inbox.queue(actor, address.view, known.teams)
    state = address.state_of(queue)
    question = inbox.Question(queue=queue, state=state, q=address.q, cursor=address.cursor)
    listed = inbox.rows(session, actor, question)
    page = InboxPage(
        address=address,
        queue=queue,
        count=counted(known, queue.key) if (state, address.q) == ("open", "") else "",
        state=state,
        chips=CHIPS,
        lines=listed.lines,
        older=listed.older,
        by_activity=queue.order is inbox.NEWEST,
        opened=_opened(session, actor, number, listed.lines, composer, refused or Refused())
        if number
        else None,
    )
    return render_template("inbox/inbox.html", page=page)


def _opened(
    session: Session, actor: Actor, number: int, lines: tuple[Line, ...], composer: Composer, refused: Refused
) -> TicketPane:
    prepared.keep_plans(session)  # all that follows is asked by keys
    ticket, feedback = _ticket(session, actor, number)
    said = inbox.conversation(session, actor, ticket, everything="everything" in request.args)
    happened = inbox.events(session, actor, ticket)
    people = inbox.people(session, actor, labels(ticket, said, happened))
    fields = fields_of(session, Ticket)
    shown = facts.editable(session, actor, ticket, refused.typed)
    assignee, team = people.name("employee", ticket.assignee_id), people.name("team", ticket.team_id)
    choices = {
        "assignee_id": {**people.employees, **_present(ticket.assignee_id, assignee)},
        "team_id": {**places(actor).teams, **_present(ticket.team_id, team)},
    }
    previous, following = _neighbours(lines, number)
    may_edit = may(actor, Can.EDIT, ticket) and ticket.goes_on
    return TicketPane(
        me=actor.id,
        ticket=ticket,
        requester=requester(ticket),
        assignee=assignee,
        timeline=timeline(ticket, said, happened, fields, people),
        newest=said.newest,
        earlier_url="?everything=1" if said.earlier else None,
        previous=previous,
        next=following,
        macros=inbox.macros(session, actor, ticket.team_id),
        employees=people.employees,
        sections=facts.sections(session, actor, ticket, shown, choices, refused),
        settled=facts.settled(session, actor, ticket, shown),
        problems=_unplaced(refused.errors, shown),
        others=inbox.other_tickets(session, actor, ticket),
        feedback=feedback,
        may_edit=may_edit,
        may_reply=may_edit and may(actor, Can.ADD, Message),
        composer=composer,
        picked=picked(session, actor, composer.macros),
    )


def _ticket(session: Session, actor: Actor, number: int) -> tuple[Ticket, Feedback | None]:
    opened = inbox.opened(session, actor, number)
    return opened.ticket, opened.feedback


def _present(key: int | None, name: str | None) -> dict[int, str]:
    return {key: name} if key is not None and name is not None else {}


def _neighbours(lines: tuple[Line, ...], number: int) -> tuple[int | None, int | None]:
    """Return the tickets before and after one in the list; of one that is not in it, the first follows."""
    numbers = [line.id for line in lines]
    if number not in numbers:
        return None, numbers[0] if numbers else None
    at = numbers.index(number)
    return numbers[at - 1] if at else None, numbers[at + 1] if at + 1 < len(numbers) else None


def _unplaced(errors: Mapping[str, list[Text]], shown: Mapping[str, Any]) -> list[Text]:
    return [message for name, messages in errors.items() if name not in shown for message in messages]
