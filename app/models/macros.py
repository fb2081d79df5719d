"""Macros: texts and changes that agents use again and again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.declare import Api, Can, Choice, Desk, Grant, Menu, Resource, Role, Rows, Scope, ui
from app.core.i18n import _
from app.core.shape import Member, Words
from app.models.base import (
    Record,
    Stamped,
    employee_link,
    folded,
    json_object,
    link,
    long_text,
    ordered,
    short_text,
)
from app.models.people import Employee
from app.models.teams import Team
from app.models.tickets import Priority, Status


class Taker(Choice):
    """Who a ticket goes to, where that is no certain person."""

    ME = "me", _("Whoever uses it")
    NOBODY = "nobody", _("Nobody")


ACTIONS = Words(
    of={
        "status": Member(_("Status"), choices=(Status.OPEN, Status.PENDING, Status.RESOLVED)),
        "priority": Member(_("Priority"), choices=Priority),
        "add_tags": Member(_("Add tags"), texts=20),
        "remove_tags": Member(_("Remove tags"), texts=20),
        "team": Member(_("Team"), row="teams"),
        "agent": Member(_("Agent"), row="employees"),
        "assign": Member(_("Assign to"), choices=Taker),
        "note": Member(_("Internal note"), longest=2000),
    }
)
"""What a macro can do to a ticket."""


class Macro(Record, Stamped):
    """A text with placeholders, and changes it makes when sent. Shared, or somebody's own."""

    __tablename__ = "macros_templates"
    __table_args__: Any = (
        *folded("macros_templates", "title", "content"),
        *ordered("macros_templates", "title"),
    )

    title: Mapped[short_text] = mapped_column(info=ui(_("Title")))
    content: Mapped[long_text] = mapped_column(
        info=ui(
            _("Text"),
            _("Placeholders: {{ticket.id}}, {{ticket.title}}, {{customer.name}}, {{agent.name}}."),
            markdown=True,
        )
    )
    owner_id: Mapped[int | None] = employee_link(info=ui(_("Owner")))
    shared: Mapped[bool] = mapped_column(
        Boolean, default=False, server_default="false", info=ui(_("Shared"), _("Every agent may use it."))
    )
    actions: Mapped[json_object] = mapped_column(
        info=ui(_("Changes"), _("What becomes of the ticket when the text is sent."), shape=ACTIONS)
    )
    team_id: Mapped[int | None] = link("teams.id", delete="SET NULL", info=ui(_("Team")))
    usage_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0", info=ui(_("Used")))

    owner: Mapped[Employee | None] = relationship(viewonly=True)
    team: Mapped[Team | None] = relationship(viewonly=True)

    resource = Resource(
        title=_("Macro"), plural=_("Macros"), new=_("New macro"), desk=Desk.MANAGE, menu=Menu.ANSWERS, icon="zap",
        columns=("title", "shared", "team.name", "owner.name", "usage_count"),
        show=("title", "content", "actions", "shared", "team.name", "owner.name", "usage_count", "created_at", "updated_at"),
        form=("title", "content", "actions", "shared", "team_id"), search=("title", "content"), filters=("shared", "team_id"), order="title",
        rows=Rows(owner="owner_id", team="team_id", shared="shared"),
        allow={
            Role.ADMIN: Grant(Can.ALL),
            Role.SUPERVISOR: Grant(Can.ALL),
            Role.AGENT: Grant(Can.ALL, rows=Scope.OWN),
        },
        audit=("title", "shared", "team_id", "actions"), events=True, service="macros",
        api=Api(
            show=("id", "title", "content", "owner_id", "shared", "actions", "team_id", "usage_count", "created_at", "updated_at"),
            write=("title", "content", "actions", "shared", "team_id"),
        ),
    )  # fmt: skip
