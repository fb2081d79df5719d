"""The ticket, its history, and who had it when."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, FetchedValue, ForeignKey, Index, Integer, String, text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.declare import Api, Ask, Can, Choice, Desk, Grant, Menu, Resource, Role, Rows, Scope, ui
from app.core.i18n import _
from app.core.matter import Matter
from app.core.shape import Changes
from app.models.base import (
    Created,
    Entry,
    Record,
    Stamped,
    asked,
    choice,
    custom,
    email_text,
    employee_link,
    folded,
    json_list,
    json_object,
    link,
    long_text,
    moment,
    ordered,
    short_text,
)
from app.models.customers import Customer
from app.models.people import Employee
from app.models.teams import Team


class Status(Choice):
    """Where a ticket stands."""

    NEW = "new", _("New")
    OPEN = "open", _("Open")
    PENDING = "pending", _("Pending")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


class Priority(Choice):
    """How soon a ticket wants an answer."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
    URGENT = "urgent", _("Urgent")


class Channel(Choice):
    """How something came in."""

    PORTAL = "portal", _("Portal")
    EMAIL = "email", _("E-mail")
    API = "api", _("API")
    AGENT = "agent", _("Agent")


ACTIVE = (Status.NEW, Status.OPEN, Status.PENDING)
"""The states in which a ticket is somebody's work."""
OPEN = f"status={','.join(ACTIVE)}"
"""The same as the address of a list says it."""


class Ticket(Record, Stamped):
    """A customer's request and everything that is known of it."""

    __tablename__ = "tickets"

    email: Mapped[email_text] = mapped_column(info=ui(_("E-mail"), _("The address as it was written.")))
    category: Mapped[str | None] = mapped_column(String(100), info=ui(_("Topic")))
    status: Mapped[Status] = mapped_column(
        choice(Status), default=Status.NEW, server_default="new", info=ui(_("Status"))
    )
    priority: Mapped[Priority] = mapped_column(
        choice(Priority), default=Priority.MEDIUM, server_default="medium", info=ui(_("Priority"))
    )
    title: Mapped[short_text] = mapped_column(info=ui(_("Subject")))
    description: Mapped[long_text] = mapped_column(info=ui(_("Description"), markdown=True))
    tags: Mapped[json_list] = mapped_column(info=ui(_("Tags"), tags=True))
    custom_fields: Mapped[json_object] = mapped_column(info=ui(_("Custom fields")))

    customer_id: Mapped[int | None] = link("customers.id", delete="SET NULL", info=ui(_("Requester")))
    team_id: Mapped[int | None] = link("teams.id", delete="SET NULL", index=False, info=ui(_("Team")))
    assignee_id: Mapped[int | None] = employee_link(index=False, info=ui(_("Assignee")))
    channel: Mapped[Channel] = mapped_column(
        choice(Channel), default=Channel.API, server_default="api", info=ui(_("Channel"))
    )
    language: Mapped[str | None] = mapped_column(String(12), info=ui(_("Language")))
    first_response_at: Mapped[moment | None] = mapped_column(info=ui(_("First response")))
    last_customer_at: Mapped[moment | None] = mapped_column(info=ui(_("Last word of the customer")))
    last_agent_at: Mapped[moment | None] = mapped_column(info=ui(_("Last word of an agent")))
    last_activity_at: Mapped[moment] = mapped_column(default=now, info=ui(_("Last activity")))
    resolved_at: Mapped[moment | None] = mapped_column(info=ui(_("Resolved at")))
    closed_at: Mapped[moment | None] = mapped_column(info=ui(_("Closed at")))
    archived_at: Mapped[moment | None] = mapped_column(info=ui(_("Archived at")))
    merged_into_id: Mapped[int | None] = mapped_column(
        BigInteger,
        ForeignKey("tickets.id", ondelete="SET NULL"),
        info=ui(_("Merged into"), _("The ticket in which this one goes on.")),
    )
    search: Mapped[str] = mapped_column(
        TSVECTOR,
        FetchedValue(),  # by a trigger: the words of title, description, address and searchable custom fields
        FetchedValue(for_update=True),
        deferred=True,
        info=ui(_("Search"), secret=True),
    )

    customer: Mapped[Customer | None] = relationship(viewonly=True)
    team: Mapped[Team | None] = relationship(viewonly=True)
    assignee: Mapped[Employee | None] = relationship(viewonly=True)
    messages: Mapped[list[Any]] = relationship("Message", back_populates="ticket", viewonly=True)

    __table_args__: Any = (
        *folded("tickets", "title", "email"),
        *asked("tickets", "status", "priority", "team_id", "assignee_id", words=("category",)),
        *ordered("tickets", "updated_at"),
        Index("ix_tickets_search", "search", postgresql_using="gin"),
        *custom("tickets"),
        Index("ix_tickets_tags", text("frontdesk_fold_items(tags)"), postgresql_using="gin"),
        Index("ix_tickets_created", text("created_at DESC"), text("id DESC")),
        Index(
            "ix_tickets_open",
            text("created_at DESC"),
            text("id DESC"),
            postgresql_include=["status"],  # counted without reading a ticket
            postgresql_where=text("status IN ('new', 'open', 'pending')"),
        ),
        Index("ix_tickets_activity", text("last_activity_at DESC"), text("id DESC")),
        Index(
            "ix_tickets_active",
            "team_id",
            "status",
            "assignee_id",
            text("last_activity_at DESC"),
            text("id DESC"),
            postgresql_where=text("status IN ('new', 'open', 'pending') AND archived_at IS NULL"),
        ),
        Index(
            "ix_tickets_waiting",
            text("last_activity_at DESC"),
            text("id DESC"),
            postgresql_include=["status"],
            postgresql_where=text("status IN ('new', 'open', 'pending') AND archived_at IS NULL"),
        ),
        Index("ix_tickets_merged", "merged_into_id", postgresql_where=text("merged_into_id IS NOT NULL")),
        Index("ix_tickets_resolved", "resolved_at", postgresql_where=text("archived_at IS NULL")),
    )

    @property
    def is_active(self) -> bool:
        """Tell whether the ticket is somebody's work."""
        return self.status in ACTIVE

    @property
    def goes_on(self) -> bool:
        """Tell whether the ticket can still change: it is neither archived nor merged into another."""
        return self.archived_at is None and self.merged_into_id is None

    resource = Resource(
        title=_("Ticket"), plural=_("Tickets"), new=_("New ticket"), desk=Desk.MANAGE, menu=Menu.DESK, icon="ticket", label="title",
        columns=("title", "id", "status", "priority", "category", "team.name", "assignee.name", "created_at"),
        show=(
            "title", "status", "priority", "category", "tags", "email", "customer.name", "team.name", "assignee.name",
            "channel", "language", "description", "custom_fields", "created_at", "updated_at", "first_response_at",
            "resolved_at", "closed_at", "archived_at", "merged_into_id",
        ),
        form=("title", "status", "priority", "category", "team_id", "assignee_id", "tags", "custom_fields"),
        inline=("messages",),
        create=("email", "title", "description", "category", "priority", "tags", "custom_fields"),
        search=("title", "description", "email"), filters=("status", "priority", "category", "team_id", "assignee_id", "tags", "custom_fields", "created_at"),
        grows=True, order="-created_at",
        matters=(
            Matter(label=_("Nobody has taken these"), asks=f"{OPEN}&assignee_id[empty]=1", icon="user-plus"),
            Matter(label=_("No rule gave these to a team"), asks=f"{OPEN}&team_id[empty]=1", icon="route"),
            Matter(label=_("Urgent and not solved"), asks=f"{OPEN}&priority=urgent", icon="flame"),
            Matter(label=_("Waiting for a first answer for two days"), asks="status=new&created_at[more_than_ago]=2d&sort=created_at", icon="clock"),
            Matter(label=_("All that is not solved"), asks=OPEN, icon="ticket", presses=False),
        ),
        rows=Rows(owner="assignee_id", team="team_id", customer="customer_id", unclaimed=True, leaves=True),
        allow={
            Role.ADMIN: Grant(Can.ALL),
            Role.SUPERVISOR: Grant(Can.READ | Can.ADD | Can.EDIT),
            Role.AGENT: Grant(Can.READ | Can.ADD | Can.EDIT, rows=Scope.TEAM),
        },
        customers=Grant(Can.READ | Can.ADD, rows=Scope.OWN),
        audit=("status", "priority", "category", "team_id", "assignee_id", "customer_id", "tags", "archived_at", "merged_into_id"),
        events=True, service="tickets", actions=("archive", "merge"),
        asks={
            "merge": Ask(
                label=_("Merge into"), help=_("Another ticket of the same requester, which goes on."), offers="tickets.targets",
            ),
        },
        api=Api(
            show=(
                "id", "email", "category", "created_at", "updated_at", "status", "priority", "title", "description", "tags",
                "custom_fields", "customer_id", "team_id", "assignee_id", "channel", "language", "first_response_at",
                "resolved_at", "closed_at", "archived_at", "merged_into_id",
            ),
            write=(
                "email", "title", "description", "category", "status", "priority", "tags", "custom_fields", "team_id",
                "assignee_id", "language",
            ),
        ),
    )  # fmt: skip


class TicketChange(Entry, Created):
    """One change of a ticket: what was and what is. Written by the session hook only."""

    __tablename__ = "ticket_history"
    __table_args__: Any = (
        *asked("ticket_history", words=("changed_by", "source")),
        *ordered("ticket_history", "created_at"),
    )

    ticket_id: Mapped[int] = link("tickets.id", nullable=False, info=ui(_("Ticket")))
    changed_by: Mapped[short_text] = mapped_column(info=ui(_("Changed by"), actor=True))
    changes: Mapped[dict[str, Any]] = mapped_column(
        JSONB, info=ui(_("Changes"), tells=("tickets",), changes=Changes(of="tickets", by_field=True))
    )
    actor_type: Mapped[str] = mapped_column(String(20), info=ui(_("Kind of actor")))
    source: Mapped[str] = mapped_column(String(40), info=ui(_("Source")))
    rule_id: Mapped[int | None] = mapped_column(
        BigInteger,
        ForeignKey("routing_rules.id", ondelete="SET NULL"),
        index=True,
        info=ui(_("Routing rule")),
    )

    ticket: Mapped[Ticket] = relationship(viewonly=True)

    resource = Resource(
        title=_("Change"), plural=_("Ticket history"), desk=Desk.WATCH, menu=Menu.DESK, icon="history", label="id",
        columns=("created_at", "ticket_id", "changed_by", "source", "changes"),
        filters=("ticket_id", "changed_by", "source", "created_at"), grows=True, order="-created_at",
        rows=Rows(owner="ticket.assignee_id", team="ticket.team_id"),
        allow={Role.ADMIN: Grant(Can.READ), Role.SUPERVISOR: Grant(Can.READ)},
        api=Api(show=("id", "ticket_id", "changed_by", "changes", "actor_type", "source", "rule_id", "created_at")),
    )  # fmt: skip


class Assignment(Entry):
    """Who had a ticket from when to when. At most one row of a ticket is open."""

    __tablename__ = "ticket_assignments"
    __table_args__: Any = (
        Index(
            "uq_ticket_assignments_open",
            "ticket_id",
            unique=True,
            postgresql_where=text("unassigned_at IS NULL"),
        ),
        Index("ix_ticket_assignments_load", "employee_id", postgresql_where=text("unassigned_at IS NULL")),
        *asked("ticket_assignments", "employee_id", order="assigned_at"),
        *ordered("ticket_assignments", "assigned_at"),
    )

    ticket_id: Mapped[int] = link("tickets.id", nullable=False, info=ui(_("Ticket")))
    employee_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("employees.id", ondelete="CASCADE"), info=ui(_("Employee"))
    )
    assigned_at: Mapped[moment] = mapped_column(info=ui(_("Assigned")))
    unassigned_at: Mapped[moment | None] = mapped_column(info=ui(_("Unassigned")))
    assigned_by: Mapped[str] = mapped_column(String(60), info=ui(_("Assigned by")))
    reason: Mapped[str | None] = mapped_column(String(40), info=ui(_("Reason")))
    team_id: Mapped[int | None] = link("teams.id", delete="SET NULL", info=ui(_("Team")))

    ticket: Mapped[Ticket] = relationship(viewonly=True)
    employee: Mapped[Employee] = relationship(viewonly=True)

    resource = Resource(
        title=_("Assignment"), plural=_("Assignments"), desk=Desk.WATCH, menu=Menu.DESK, icon="user-plus", label="id",
        columns=("ticket_id", "employee.name", "assigned_at", "unassigned_at", "assigned_by", "reason"),
        filters=("ticket_id", "employee_id", "assigned_at"), grows=True, order="-assigned_at",
        rows=Rows(owner="employee_id", team="ticket.team_id"),
        allow={Role.ADMIN: Grant(Can.READ), Role.SUPERVISOR: Grant(Can.READ)},
        api=Api(show=("id", "ticket_id", "employee_id", "team_id", "assigned_at", "unassigned_at", "assigned_by", "reason")),
    )  # fmt: skip
