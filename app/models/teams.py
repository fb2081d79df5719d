"""Teams, who is in them, and what people are good at."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.declare import Api, Can, Choice, Desk, Grant, Menu, Resource, Role, Rows, Scope, ui
from app.core.i18n import _
from app.models.base import (
    Created,
    Record,
    Stamped,
    choice,
    employee_link,
    folded,
    link,
    long_text,
    ordered,
    short_text,
)
from app.models.people import Employee


class Team(Record, Stamped):
    """A group of employees that shares a queue."""

    __tablename__ = "teams"
    __table_args__: Any = folded("teams", "name", "description")

    name: Mapped[short_text] = mapped_column(unique=True, info=ui(_("Name")))
    description: Mapped[long_text | None] = mapped_column(info=ui(_("Description")))
    is_active: Mapped[bool] = mapped_column(
        Boolean,
        default=True,
        server_default="true",
        info=ui(_("Active"), _("Routing skips a team that is not active.")),
    )

    members: Mapped[list[Membership]] = relationship(back_populates="team", viewonly=True)

    resource = Resource(
        title=_("Team"), plural=_("Teams"), new=_("New team"), desk=Desk.MANAGE, menu=Menu.PEOPLE, icon="users-round",
        columns=("name", "description", "is_active"), form=("name", "description", "is_active"),
        show=("name", "description", "is_active", "created_at", "updated_at"),
        inline=("members",), nested=("members",), search=("name", "description"), filters=("is_active",), order="name",
        rows=Rows(team="id"),
        allow={
            Role.ADMIN: Grant(Can.ALL),
            Role.SUPERVISOR: Grant(Can.ALL),
            Role.AGENT: Grant(Can.READ),  # to hand a ticket over, one must see to whom
        },
        audit=("name", "is_active"), events=True,
        api=Api(
            show=("id", "name", "description", "is_active", "created_at", "updated_at"),
            write=("name", "description", "is_active"),
        ),
    )  # fmt: skip


class TeamRole(Choice):
    """What somebody is in a team."""

    AGENT = "agent", _("Agent")
    LEAD = "team_lead", _("Team lead")


class Membership(Record, Created):
    """One employee in one team."""

    __tablename__ = "employee_teams"
    __table_args__: Any = (UniqueConstraint("employee_id", "team_id"),)

    employee_id: Mapped[int] = employee_link(delete="CASCADE", nullable=False, info=ui(_("Employee")))
    team_id: Mapped[int] = link("teams.id", nullable=False, info=ui(_("Team")))
    role_in_team: Mapped[TeamRole | None] = mapped_column(
        choice(TeamRole), default=TeamRole.AGENT, info=ui(_("Role in the team"))
    )

    employee: Mapped[Employee] = relationship(back_populates="memberships", viewonly=True)
    team: Mapped[Team] = relationship(back_populates="members", viewonly=True)

    resource = Resource(
        title=_("Team member"), plural=_("Team members"), new=_("New team member"), desk=Desk.MANAGE, menu=Menu.PEOPLE, icon="user-check",
        label="id",
        columns=("employee.name", "team.name", "role_in_team"), form=("employee_id", "team_id", "role_in_team"),
        filters=("team_id", "employee_id", "role_in_team"), order="id", rows=Rows(owner="employee_id", team="team_id"),
        allow={
            Role.ADMIN: Grant(Can.ALL),
            Role.SUPERVISOR: Grant(Can.ALL),
            Role.AGENT: Grant(Can.READ, rows=Scope.TEAM),
        },
        audit=("employee_id", "team_id", "role_in_team"), events=True,
        api=Api(
            show=("id", "employee_id", "team_id", "role_in_team", "created_at"),
            write=("employee_id", "team_id", "role_in_team"),
        ),
    )  # fmt: skip


class Skill(Record):
    """How well one employee can do one thing, from 1 to 10."""

    __tablename__ = "skillsets"
    __table_args__: Any = (
        *folded("skillsets", "skill_name"),
        *ordered("skillsets", "skill_name"),
        UniqueConstraint("employee_id", "skill_name"),
        CheckConstraint("skill_level BETWEEN 1 AND 10", name="level"),
    )

    employee_id: Mapped[int] = employee_link(delete="CASCADE", nullable=False, info=ui(_("Employee")))
    skill_name: Mapped[short_text] = mapped_column(info=ui(_("Skill")))
    skill_level: Mapped[int] = mapped_column(
        Integer,
        default=5,
        server_default="5",
        info=ui(_("Level"), _("From 1 (some) to 10 (expert)."), minimum=1, maximum=10),
    )

    employee: Mapped[Employee] = relationship(back_populates="skills", viewonly=True)

    resource = Resource(
        title=_("Skill"), plural=_("Skills"), new=_("New skill"), desk=Desk.MANAGE, menu=Menu.PEOPLE, icon="graduation-cap",
        label="skill_name",
        columns=("employee.name", "skill_name", "skill_level"), form=("employee_id", "skill_name", "skill_level"),
        search=("skill_name",), filters=("employee_id", "skill_level"), order="skill_name",
        rows=Rows(owner="employee_id"),
        allow={
            Role.ADMIN: Grant(Can.ALL),
            Role.SUPERVISOR: Grant(Can.ALL),
            Role.AGENT: Grant(Can.READ, rows=Scope.OWN),
        },
        audit=("employee_id", "skill_name", "skill_level"), events=True,
        api=Api(
            show=("id", "employee_id", "skill_name", "skill_level"),
            write=("employee_id", "skill_name", "skill_level"),
        ),
    )  # fmt: skip
