"""What customers thought of an answer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Integer,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.declare import Api, Can, Desk, Grant, Menu, Resource, Role, Rows, Scope, ui
from app.core.i18n import _, _p
from app.core.matter import Matter
from app.models.base import (
    Created,
    Record,
    asked,
    employee_link,
    folded,
    link,
    long_text,
    ordered,
)
from app.models.customers import Customer
from app.models.people import Employee
from app.models.tickets import Ticket


class Feedback(Record, Created):
    """The rating of one ticket, from 1 to 5. It may be changed for seven days."""

    __tablename__ = "feedback"
    __table_args__: Any = (
        *folded("feedback", "comments"),
        *asked("feedback", "rating", "employee_id"),
        *ordered("feedback", "created_at"),
        UniqueConstraint("ticket_id"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
    )

    ticket_id: Mapped[int] = link("tickets.id", nullable=False, index=False, info=ui(_("Ticket")))
    customer_id: Mapped[int | None] = link("customers.id", delete="SET NULL", info=ui(_("Customer")))
    rating: Mapped[int] = mapped_column(Integer, info=ui(_("Rating"), minimum=1, maximum=5))
    comments: Mapped[long_text | None] = mapped_column(info=ui(_("Comment")))
    employee_id: Mapped[int | None] = employee_link(index=False, info=ui(_("Employee")))

    ticket: Mapped[Ticket] = relationship(viewonly=True)
    customer: Mapped[Customer | None] = relationship(viewonly=True)
    employee: Mapped[Employee | None] = relationship(viewonly=True)

    resource = Resource(
        title=_p("one rating", "Feedback"), plural=_("Feedback"), desk=Desk.WATCH, menu=Menu.DESK, icon="star", label="id",
        columns=("created_at", "rating", "comments", "ticket_id", "customer.name", "employee.name"),
        filters=("rating", "ticket_id", "employee_id", "created_at"), search=("comments",), grows=True, order="-created_at",
        matters=(Matter(label=_("Poor ratings of the last seven days"), asks="rating[lte]=2&created_at[within_last]=7d", icon="star"),),
        rows=Rows(owner="employee_id", team="ticket.team_id", customer="customer_id"),
        allow={
            Role.ADMIN: Grant(Can.READ),
            Role.SUPERVISOR: Grant(Can.READ),
            Role.AGENT: Grant(Can.READ, rows=Scope.OWN),
        },
        customers=Grant(Can.READ | Can.ADD | Can.EDIT, rows=Scope.OWN),
        audit=("ticket_id", "rating"),
        api=Api(show=("id", "ticket_id", "customer_id", "rating", "comments", "employee_id", "created_at")),
    )  # fmt: skip
