"""Employees, who are the logins, and what they do in figures."""

from __future__ import annotations

from typing import Any

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    Numeric,
    String,
    bindparam,
    case,
    func,
    or_,
)
from sqlalchemy.orm import Mapped, column_property, declared_attr, mapped_column, relationship

from app.core.clock import now
from app.core.declare import Api, Ask, Can, Choice, Desk, Grant, Menu, Resource, Role, Rows, Scope, ui
from app.core.i18n import _
from app.models.base import (
    Declared,
    Stamped,
    choice,
    folded,
    json_object,
    long_text,
    moment,
    ordered,
    short_text,
)


class Availability(Choice):
    """Whether routing may give an employee new tickets."""

    AVAILABLE = "available", _("Available")
    BUSY = "busy", _("Busy")
    AWAY = "away", _("Away")


CAPACITY = ("capacity", "own_capacity", "own_capacity_until")
"""How much somebody takes: by who plans, by themselves, and until when the latter holds."""


def effective(capacity: Any, own: Any, until: Any) -> Any:
    """Return as SQL how many open tickets somebody takes at most as it is read.

    The lower of what who plans has set and of what the person says, while that holds. Nobody sees another
    figure: docs/adr/capacity-is-the-lower-of-two.md.
    """
    at = bindparam("at", callable_=now, type_=DateTime(timezone=True), unique=True)
    return func.least(capacity, case((or_(until.is_(None), until > at), own)), type_=Integer)


User.__table__.c.active.info.update(ui(_("Active")))  # the library's own column, which has no words


class Employee(Declared, User, Stamped):
    """An agent, supervisor or administrator. A joined row of Flask-AppBuilder's login."""

    __tablename__ = "employees"
    __table_args__: Any = (*folded("employees", "name", "email"), *ordered("employees", "name"))

    id: Mapped[int] = mapped_column(
        Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True, info=ui(_("Number"))
    )
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1", info=ui(_("Version")))
    name: Mapped[short_text] = mapped_column(info=ui(_("Name")))
    email: Mapped[str] = column_property(
        Column(
            "email",
            String(320),
            unique=True,
            nullable=False,
            info=ui(_("E-mail"), _("Who is new gets an invitation there, and chooses a password by it.")),
        ),
        User.__table__.c.email,
    )
    role: Mapped[str] = mapped_column(
        String(64), default=Role.AGENT, server_default=Role.AGENT, info=ui(_("Role"), options="roles")
    )
    availability: Mapped[Availability] = mapped_column(
        choice(Availability),
        default=Availability.AVAILABLE,
        server_default="available",
        info=ui(_("Availability"), _("Routing gives new tickets to available people only.")),
    )
    capacity: Mapped[int] = mapped_column(
        default=20,
        server_default="20",
        info=ui(_("Capacity"), _("Open tickets at most, before routing looks elsewhere."), minimum=0),
    )
    own_capacity: Mapped[int | None] = mapped_column(
        info=ui(
            _("Own limit"),
            _("What the person takes at most by their own word, within the capacity."),
            minimum=0,
        )
    )
    own_capacity_until: Mapped[moment | None] = mapped_column(
        info=ui(
            _("Own limit until"), _("The own limit holds until then; without a time until it is changed.")
        )
    )
    follows_shifts: Mapped[bool] = mapped_column(
        Boolean,
        default=True,
        server_default="true",
        info=ui(_("Follows the shifts"), _("Available in the own shifts only, where there are some.")),
    )
    language: Mapped[str | None] = mapped_column(String(12), info=ui(_("Language")))
    time_zone: Mapped[str | None] = mapped_column(String(64), info=ui(_("Time zone")))
    signature: Mapped[long_text | None] = mapped_column(info=ui(_("Signature"), markdown=True))
    preferences: Mapped[json_object] = mapped_column(info=ui(_("Preferences")))
    session_epoch: Mapped[int] = mapped_column(
        Integer, default=1, server_default="1", info=ui(_("Session epoch"), secret=True)
    )

    effective_capacity: Mapped[int] = column_property(
        effective(capacity, own_capacity, own_capacity_until),
        expire_on_flush=False,  # services say when it is another; one who was deleted cannot be read again
        info=ui(_("Capacity now"), _("The lower of the capacity and of the own limit, while that holds.")),
    )

    memberships: Mapped[list[Any]] = relationship("Membership", back_populates="employee", viewonly=True)
    skills: Mapped[list[Any]] = relationship("Skill", back_populates="employee", viewonly=True)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  SQLAlchemy hands over the class
        return {
            "version_id_col": cls.__table__.c.version,
            "inherit_condition": cls.__table__.c.id == User.__table__.c.id,
        }

    resource = Resource(
        title=_("Employee"), plural=_("Employees"), new=_("New employee"), desk=Desk.MANAGE, menu=Menu.PEOPLE, icon="users", label="name",
        columns=("name", "email", "role", "availability", "effective_capacity"),
        show=("name", "email", "role", "active", "availability", "follows_shifts", *CAPACITY, "effective_capacity", "language", "time_zone", "signature"),
        form=("name", "email", "role", "active", "availability", "follows_shifts", *CAPACITY, "language", "time_zone", "signature"),
        inline=("memberships", "skills"), nested=("memberships", "skills"),
        search=("name", "email"), filters=("role", "availability"), order="name",
        rows=Rows(owner="id"),
        allow={
            Role.ADMIN: Grant(Can.ALL),
            Role.SUPERVISOR: Grant(Can.READ),
            Role.AGENT: Grant(Can.READ, hide=(*CAPACITY, "effective_capacity")),
        },
        audit=("role", "active", "availability", "follows_shifts", *CAPACITY, "language", "time_zone"),
        events=True, service="employees",
        actions=("resend_invitation", "withdraw_invitation", "reset_second_factor", "deactivate"),
        asks={
            "deactivate": Ask(
                label=_("Open tickets go to"), offers="employees.heirs",
                help=_("Each is told in its history. Written answers stay as they are."),
            ),
        },
        api=Api(
            show=(
                "id", "name", "email", "role", "active", "availability", "follows_shifts", *CAPACITY, "effective_capacity",
                "language", "time_zone",
            ),
            write=("name", "email", "role", "active", "availability", "follows_shifts", *CAPACITY, "language", "time_zone"),
        ),
    )  # fmt: skip


class EmployeeMetric(Declared, Model):
    """One employee in figures, over all resolved tickets: a materialized view, refreshed by a job."""

    __tablename__ = "employee_metrics"
    __table_args__: Any = ({"info": {"view": True}},)

    employee_id: Mapped[int] = mapped_column(Integer, primary_key=True, info=ui(_("Employee")))
    avg_response_time: Mapped[float | None] = mapped_column(
        Numeric(asdecimal=False), info=ui(_("First response, minutes"))
    )
    avg_resolution_time: Mapped[float | None] = mapped_column(
        Numeric(asdecimal=False), info=ui(_("Resolution, minutes"))
    )
    tickets_closed_count: Mapped[int] = mapped_column(Integer, info=ui(_("Tickets closed")))
    last_calculated_at: Mapped[moment] = mapped_column(info=ui(_("Calculated")))
    employee: Mapped[Employee] = relationship(
        primaryjoin="foreign(EmployeeMetric.employee_id) == Employee.id", viewonly=True
    )

    resource = Resource(
        title=_("Employee figures"), plural=_("Employee figures"), desk=Desk.WATCH, menu=Menu.PEOPLE, icon="chart-column",
        label="employee_id",
        columns=("employee.name", "avg_response_time", "avg_resolution_time", "tickets_closed_count", "last_calculated_at"),
        order="employee_id", rows=Rows(owner="employee_id"),
        allow={
            Role.ADMIN: Grant(Can.READ),
            Role.SUPERVISOR: Grant(Can.READ),
            Role.AGENT: Grant(Can.READ, rows=Scope.OWN),
        },
        api=Api(show=("employee_id", "avg_response_time", "avg_resolution_time", "tickets_closed_count", "last_calculated_at")),
    )  # fmt: skip
