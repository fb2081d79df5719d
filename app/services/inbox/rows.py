"""The list: one page of a queue in its order, followed by keys so that no page costs more."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

from app.access import Actor, per_actor, scope_of, visible
from app.core.declare import Can
from app.fields import Audience
from app.models.customers import Customer
from app.models.messages import Message
from app.models.people import Employee
from app.models.tickets import Priority, Status, Ticket
from app.services.finding import among
from app.services.inbox.queues import OPEN, STATES, Queue

MARKS = str.maketrans("", "", "*_`#>[]|~")
LETTERS = 160
"""Characters of a message that a row shows at most."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a list is asked: states (a key of STATES), words to search for, and where the page begins."""

    queue: Queue
    state: str
    q: str = ""
    cursor: str = ""
    limit: int = 30


@dataclass(frozen=True, kw_only=True)
class Line:
    """One ticket in the list."""

    id: int
    title: str
    status: Status
    priority: Priority
    who: str
    assignee: str | None
    excerpt: str
    moment: dt.datetime
    awaits: bool
    """Whether the customer came back after an answer and waits again."""


@dataclass(frozen=True)
class Page:
    """Lines, and the cursor of the page after them."""

    lines: tuple[Line, ...]
    older: str | None


def rows(session: Session, actor: Actor, question: Question) -> Page:
    """Return one page of a queue: one statement, and one that looks for words.

    Raises Invalid for a cursor that is none.
    """
    order = question.queue.order
    statement = _columns(actor).where(*_criteria(session, actor, question))
    statement = statement.add_columns(order.value.label("place"))
    if question.cursor:
        statement = statement.where(order.after(question.cursor))
    found = session.execute(statement.order_by(*order.by).limit(question.limit + 1)).mappings().all()
    shown = found[: question.limit]
    last = shown[-1] if len(found) > len(shown) else None
    older = order.cursor(last["place"], last["id"]) if last else None
    return Page(tuple(_line(row) for row in shown), older)


@per_actor
def _columns(actor: Actor) -> Select[Any]:
    """Return what a line shows. What stands elsewhere is asked for row by row, of those shown alone.

    A join would be made with every ticket of the queue before they are put in order.
    """
    employees = Employee.__table__.c
    customer = select(Customer.name).where(Customer.id == Ticket.customer_id).scalar_subquery()
    assignee = select(employees.name).where(employees.id == Ticket.assignee_id).scalar_subquery()
    said = (
        select(func.left(Message.message_body, LETTERS))
        .where(Message.ticket_id == Ticket.id, Message.is_internal.is_(False), _may_hear(actor))
        .order_by(Message.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return select(
        Ticket.id,
        Ticket.title,
        Ticket.status,
        Ticket.priority,
        func.coalesce(customer, Ticket.email).label("who"),
        assignee.label("assignee"),
        func.coalesce(said, func.left(Ticket.description, LETTERS)).label("excerpt"),
        Ticket.last_activity_at.label("moment"),
        Ticket.last_customer_at,
        Ticket.last_agent_at,
    )


def _may_hear(actor: Actor) -> ColumnElement[bool]:
    """Return the criterion of messages that may be quoted; none where they reach as far as the tickets."""
    alike = scope_of(actor, Can.READ, Message) is scope_of(actor, Can.READ, Ticket)
    return true() if alike else visible(actor, Message)


def _criteria(session: Session, actor: Actor, question: Question) -> list[ColumnElement[bool]]:
    parts = [visible(actor, Ticket), question.queue.where]
    if question.state != "all":
        parts.append(Ticket.status.in_(STATES[question.state]))
    if not question.queue.archived_too:
        parts.append(Ticket.archived_at.is_(None))
    words = question.q.replace("\0", " ").strip()
    return [*parts, _matches(session, actor, words)] if words else parts


def _matches(session: Session, actor: Actor, words: str) -> ColumnElement[bool]:
    """Search by number or words."""
    number = words.removeprefix("#")
    if number.isdecimal() and len(number) < 19:
        return Ticket.id == int(number)
    return among(session, actor, Ticket, Audience.AGENT, words)


def _line(row: Any) -> Line:
    spoke, answered = row["last_customer_at"], row["last_agent_at"]
    back = spoke is not None and answered is not None and spoke > answered
    return Line(
        id=row["id"],
        title=row["title"],
        status=row["status"],
        priority=row["priority"],
        who=row["who"],
        assignee=row["assignee"],
        excerpt=" ".join(row["excerpt"].translate(MARKS).split()),
        moment=row["moment"],
        awaits=back and row["status"] in OPEN,
    )
