"""What needs attention, counted in one statement: the home of those who do not live in the inbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.access import Actor, may, visible
from app.core.clock import now
from app.core.declare import Can
from app.core.i18n import Text, _
from app.models.effects import State
from app.models.feedback import Feedback
from app.models.mails import Mail
from app.models.tickets import ACTIVE, Priority, Status, Ticket
from app.models.webhooks import Event, Webhook

CAP = 1000
"""Rows are counted up to here."""
STALE = dt.timedelta(days=2)
"""How long a customer may wait for a word before it is said."""
RECENT = dt.timedelta(days=7)


@dataclass(frozen=True)
class Matter:
    """Something to look at: how many, where they stand, and whether it presses."""

    label: Text
    count: int
    url: str
    icon: str
    presses: bool = False

    @property
    def shown(self) -> str:
        """Return the count as shown, capped."""
        return f"{CAP}+" if self.count > CAP else str(self.count)


@dataclass(frozen=True)
class Question:
    """Rows to be counted: of which class, which of them, and where they stand."""

    label: Text
    model: Any
    where: tuple[ColumnElement[bool], ...]
    url: str
    icon: str
    presses: bool = False


def matters(session: Session, actor: Actor) -> list[Matter]:
    """Return what `actor` may look at, with its counts: one statement."""
    return counted(session, actor, _questions())


def counted(session: Session, actor: Actor, asked: Iterable[Question]) -> list[Matter]:
    """Return what the actor may look at of what is asked, with its counts: one statement."""
    questions = [question for question in asked if may(actor, Can.READ, question.model)]
    if not questions:
        return []
    counts = session.execute(select(*(_count(actor, question) for question in questions))).one()
    return [
        Matter(one.label, count, one.url, one.icon, one.presses and count > 0)
        for one, count in zip(questions, counts, strict=True)
    ]


def _count(actor: Actor, question: Question) -> Any:
    rows = select(question.model.id).where(visible(actor, question.model), *question.where).limit(CAP + 1)
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()


def _questions() -> Iterator[Question]:
    yield from _of_tickets()
    yield from _of_the_rest()


def _of_tickets() -> Iterator[Question]:
    active = (Ticket.status.in_(ACTIVE), Ticket.archived_at.is_(None))
    open_ = "status=new,open,pending"
    yield Question(
        _("Nobody has taken these"),
        Ticket,
        (*active, Ticket.assignee_id.is_(None)),
        f"/admin/tickets/list/?{open_}&assignee_id[empty]=1",
        "user-plus",
        presses=True,
    )
    yield Question(
        _("Urgent and not solved"),
        Ticket,
        (*active, Ticket.priority == Priority.URGENT),
        f"/admin/tickets/list/?{open_}&priority=urgent",
        "flame",
        presses=True,
    )
    yield Question(
        _("Waiting for a first answer for two days"),
        Ticket,
        (Ticket.status == Status.NEW, Ticket.created_at < now() - STALE, Ticket.archived_at.is_(None)),
        f"/admin/tickets/list/?status=new&created_at[before]={(now() - STALE).date()}&sort=created_at",
        "clock",
        presses=True,
    )
    yield Question(_("All that is not solved"), Ticket, active, f"/admin/tickets/list/?{open_}", "ticket")


def _of_the_rest() -> Iterator[Question]:
    yield Question(
        _("Poor ratings of the last seven days"),
        Feedback,
        (Feedback.rating <= 2, Feedback.created_at >= now() - RECENT),
        "/console/feedback/?rating[lte]=2&created_at[within_last]=7d",
        "star",
        presses=True,
    )
    yield Question(
        _("Webhooks that fail"),
        Webhook,
        (Webhook.failing_since.is_not(None),),
        "/admin/webhooks/list/?failing_since[not_empty]=1",
        "webhook",
        presses=True,
    )
    yield Question(
        _("Events that were parked"),
        Event,
        (Event.state == State.PARKED,),
        "/console/outbox_events/?state=parked",
        "radio",
        presses=True,
    )
    yield Question(
        _("Mails that did not go out"),
        Mail,
        (Mail.state.in_((State.FAILED, State.PARKED)),),
        "/console/mails/?state=failed,parked",
        "mail",
        presses=True,
    )
