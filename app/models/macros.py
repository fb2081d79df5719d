"""Macros: texts and changes that agents use again and again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.declare import Api, Can, Desk, Grant, Menu, Resource, Role, Rows, Scope, ui
from app.core.i18n import _
from app.models.base import (
    Record,
    Stamped,
    employee_link,
    folded,
    json_list,
    link,
    long_text,
    ordered,
    short_text,
)
from app.models.people import Employee
from app.models.teams import Team


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
    actions: Mapped[json_list] = mapped_column(info=ui(_("Changes")))
    team_id: Mapped[int | None] = link("teams.id", delete="SET NULL", info=ui(_("Team")))
    usage_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0", info=ui(_("Used")))

    owner: Mapped[Employee | None] = relationship(viewonly=True)
    team: Mapped[Team | None] = relationship(viewonly=True)

    resource = Resource(
        title=_("Macro"), plural=_("Macros"), desk=Desk.MANAGE, menu=Menu.ANSWERS, icon="zap",
        columns=("title", "shared", "team.name", "owner.name", "usage_count"),
        show=("title", "content", "shared", "team.name", "owner.name", "usage_count", "created_at", "updated_at"),
        form=("title", "content", "shared", "team_id"), search=("title", "content"), filters=("shared", "team_id"), order="title",
        rows=Rows(owner="owner_id", team="team_id", shared="shared"),
        allow={
            Role.ADMIN: Grant(Can.ALL),
            Role.SUPERVISOR: Grant(Can.ALL),
            Role.AGENT: Grant(Can.ALL, rows=Scope.OWN),
        },
        audit=("title", "shared", "team_id", "actions"), events=True, service="macros",
        api=Api(
            show=("id", "title", "content", "owner_id", "shared", "actions", "team_id", "usage_count", "created_at", "updated_at"),
            write=("title", "content", "shared", "team_id"),
        ),
    )  # fmt: skip
