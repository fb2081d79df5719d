"""Routing rules, and the record of each decision they led to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Index, Integer, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.declare import Api, Can, Choice, Criteria, Desk, Grant, Menu, Resource, Role, Rows, Scope, ui
from app.core.i18n import _
from app.core.shape import Changes, Member, Words
from app.models.base import (
    Created,
    Entry,
    Record,
    Stamped,
    choice,
    folded,
    json_object,
    link,
    ordered,
    short_text,
)
from app.models.tickets import ACTIVE, Priority, Ticket


class RuleEvent(Choice):
    """What a rule waits for."""

    CREATED = "created", _("A ticket is created")
    UPDATED = "updated", _("A ticket is updated")


class AgentChoice(Choice):
    """How one of several agents is chosen."""

    LEAST_BUSY = "least_busy", _("The least busy")


ACTION = Words(
    of={
        "team": Member(_("Team"), row="teams"),
        "agent": Member(
            _("Agent"),
            row="employees",
            help=_("A person, or whoever has the skill and the most time. Empty: anyone of the team."),
            members={
                "skill": Member(_("With the skill"), longest=200),
                "min_level": Member(_("Level at least"), number=True, minimum=1, maximum=10),
                "by": Member(_("Chosen"), choices=AgentChoice),
            },
        ),
        "priority": Member(_("Priority"), choices=Priority),
        "add_tags": Member(_("Add tags"), texts=20),
        "status": Member(_("Status"), choices=ACTIVE),
    },
    least=1,
)
"""What a rule can do to a ticket."""


class RoutingRule(Record, Stamped):
    """If a ticket meets the criteria, the action is taken; the least number comes first."""

    __tablename__ = "routing_rules"
    __table_args__: Any = (*folded("routing_rules", "rule_name"), *ordered("routing_rules", "priority"))

    rule_name: Mapped[short_text] = mapped_column(info=ui(_("Name")))
    criteria: Mapped[json_object] = mapped_column(
        info=ui(
            _("Criteria"),
            _("Without conditions, the rule holds for every ticket."),
            criteria=Criteria(of="tickets", changes=True),
        )
    )
    action: Mapped[json_object] = mapped_column(
        info=ui(_("Action"), _("What is done to a ticket that meets the criteria."), shape=ACTION)
    )
    priority: Mapped[int] = mapped_column(
        Integer,
        default=100,
        server_default="100",
        info=ui(_("Order"), _("The least number is tried first.")),
    )
    event: Mapped[RuleEvent] = mapped_column(
        choice(RuleEvent), default=RuleEvent.CREATED, server_default="created", info=ui(_("When"))
    )
    is_active: Mapped[bool] = mapped_column(
        Boolean, default=True, server_default="true", info=ui(_("Active"))
    )
    stop: Mapped[bool] = mapped_column(
        Boolean,
        default=True,
        server_default="true",
        info=ui(_("Stop"), _("No later rule is tried after a match.")),
    )

    resource = Resource(
        title=_("Routing rule"), plural=_("Routing rules"), new=_("New routing rule"), desk=Desk.MANAGE, menu=Menu.AUTOMATION, icon="git-branch", label="rule_name",
        columns=("priority", "rule_name", "event", "is_active", "stop"),
        show=("priority", "rule_name", "event", "criteria", "action", "is_active", "stop", "created_at", "updated_at"),
        form=("rule_name", "priority", "event", "criteria", "action", "stop", "is_active"),
        search=("rule_name",), filters=("event", "is_active"), order="priority",
        allow={Role.ADMIN: Grant(Can.ALL), Role.SUPERVISOR: Grant(Can.ALL), Role.AGENT: Grant(Can.READ)},
        audit=("rule_name", "criteria", "action", "priority", "event", "is_active", "stop"),
        events=True, service="routing_rules",
        api=Api(
            show=("id", "rule_name", "criteria", "action", "priority", "event", "is_active", "stop", "created_at", "updated_at"),
            write=("rule_name", "criteria", "action", "priority", "event", "is_active", "stop"),
        ),
    )  # fmt: skip


TOLD = ("tickets", "employees")
"""Whose values a decision holds."""


class Decision(Entry, Created):
    """What routing did with a ticket and why: every rule tried, every candidate looked at."""

    __tablename__ = "routing_decisions"
    __table_args__: Any = (
        *ordered("routing_decisions", "created_at"),
        Index("ix_routing_decisions_updates", "created_at", "id", postgresql_where=text("event = 'updated'")),
    )

    ticket_id: Mapped[int] = link("tickets.id", nullable=False, info=ui(_("Ticket")))
    event: Mapped[RuleEvent] = mapped_column(choice(RuleEvent), info=ui(_("When")))
    inputs: Mapped[dict[str, Any]] = mapped_column(JSONB, info=ui(_("What it saw"), tells=TOLD))
    trace: Mapped[list[Any]] = mapped_column(JSONB, info=ui(_("What it tried"), tells=TOLD))
    outcome: Mapped[dict[str, Any]] = mapped_column(JSONB, info=ui(_("Outcome"), tells=TOLD))
    changes: Mapped[json_object] = mapped_column(
        info=ui(_("What it changed"), tells=TOLD, changes=Changes(of="tickets", by_field=True))
    )

    ticket: Mapped[Ticket] = relationship(viewonly=True)

    resource = Resource(
        title=_("Decision"), plural=_("Decisions"), desk=Desk.WATCH, menu=Menu.AUTOMATION, icon="git-merge", label="id",
        columns=("created_at", "ticket_id", "event", "changes"),
        show=("created_at", "ticket_id", "event", "changes", "outcome", "trace", "inputs"),
        filters=("ticket_id", "event", "created_at"), grows=True, order="-created_at",
        rows=Rows(owner="ticket.assignee_id", team="ticket.team_id", unclaimed=True),
        allow={
            Role.ADMIN: Grant(Can.READ),
            Role.SUPERVISOR: Grant(Can.READ),
            Role.AGENT: Grant(Can.READ, rows=Scope.TEAM, hide=("inputs",)),  # how much others can take
        },
        api=Api(show=("id", "ticket_id", "event", "inputs", "trace", "outcome", "changes", "created_at")),
    )  # fmt: skip
