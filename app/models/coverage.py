"""When people work and when the desk is open: shifts, business hours and holidays."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, Date, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.declare import Api, Can, Choice, Desk, Grant, Menu, Resource, Role, Rows, ui
from app.core.i18n import _
from app.models.base import Record, Stamped, choice, employee_link, folded, link, ordered, short_text
from app.models.people import Employee
from app.models.teams import Team


class Weekday(Choice):
    """The days of the week, numbered as ISO 8601 does."""

    MONDAY = "1", _("Monday")
    TUESDAY = "2", _("Tuesday")
    WEDNESDAY = "3", _("Wednesday")
    THURSDAY = "4", _("Thursday")
    FRIDAY = "5", _("Friday")
    SATURDAY = "6", _("Saturday")
    SUNDAY = "7", _("Sunday")


PLANNERS = {
    Role.ADMIN: Grant(Can.ALL),
    Role.SUPERVISOR: Grant(Can.ALL),
    Role.AGENT: Grant(Can.READ),
}
"""Who plans, and who reads the plan."""


class Shift(Record, Stamped):
    """One person works for one team on one weekday; past midnight where it ends before it begins."""

    __tablename__ = "shifts"
    __table_args__: Any = (*ordered("shifts", "weekday"), CheckConstraint("starts <> ends", name="length"))

    employee_id: Mapped[int] = employee_link(delete="CASCADE", nullable=False, info=ui(_("Employee")))
    team_id: Mapped[int] = link("teams.id", nullable=False, info=ui(_("Team")))
    weekday: Mapped[Weekday] = mapped_column(choice(Weekday), info=ui(_("Weekday")))
    starts: Mapped[str] = mapped_column(
        String(5), default="09:00", server_default="09:00", info=ui(_("From"), options="times")
    )
    ends: Mapped[str] = mapped_column(
        String(5),
        default="17:00",
        server_default="17:00",
        info=ui(_("To"), _("Earlier than the beginning: on the next day."), options="times"),
    )
    time_zone: Mapped[str] = mapped_column(
        String(64), default="UTC", server_default="UTC", info=ui(_("Time zone"), options="time_zones")
    )

    employee: Mapped[Employee] = relationship(viewonly=True)
    team: Mapped[Team] = relationship(viewonly=True)

    resource = Resource(
        title=_("Shift"), plural=_("Shifts"), new=_("New shift"), desk=Desk.MANAGE, menu=Menu.PEOPLE, icon="clock", label="id",
        columns=("employee.name", "team.name", "weekday", "starts", "ends", "time_zone"),
        form=("employee_id", "team_id", "weekday", "starts", "ends", "time_zone"),
        filters=("employee_id", "team_id", "weekday"), order="weekday",
        rows=Rows(owner="employee_id", team="team_id"), allow=PLANNERS,
        audit=("employee_id", "team_id", "weekday", "starts", "ends", "time_zone"), events=True, service="shifts",
        api=Api(
            show=("id", "employee_id", "team_id", "weekday", "starts", "ends", "time_zone", "created_at", "updated_at"),
            write=("employee_id", "team_id", "weekday", "starts", "ends", "time_zone"),
        ),
    )  # fmt: skip


class BusinessHours(Record, Stamped):
    """When a team is open, or the whole desk where no team is named."""

    __tablename__ = "business_hours"
    __table_args__: Any = (
        *folded("business_hours", "name"),
        *ordered("business_hours", "name"),
        UniqueConstraint("team_id", postgresql_nulls_not_distinct=True),
    )

    name: Mapped[short_text] = mapped_column(info=ui(_("Name")))
    team_id: Mapped[int | None] = link(
        "teams.id", info=ui(_("Team"), _("None: the hours of the desk, for all teams without their own."))
    )
    time_zone: Mapped[str] = mapped_column(
        String(64), default="UTC", server_default="UTC", info=ui(_("Time zone"), options="time_zones")
    )

    team: Mapped[Team | None] = relationship(viewonly=True)
    intervals: Mapped[list[OpenInterval]] = relationship(back_populates="hours", viewonly=True)
    holidays: Mapped[list[Holiday]] = relationship(back_populates="hours", viewonly=True)

    resource = Resource(
        title=_("Business hours"), plural=_("Business hours"), new=_("New business hours"), desk=Desk.MANAGE, menu=Menu.SETUP, icon="clock",
        columns=("name", "team.name", "time_zone"), form=("name", "team_id", "time_zone"),
        inline=("intervals", "holidays"), search=("name",), order="name", allow=PLANNERS,
        audit=("name", "team_id", "time_zone"),
        api=Api(show=("id", "name", "team_id", "time_zone", "created_at", "updated_at"), write=("name", "team_id", "time_zone")),
    )  # fmt: skip


class OpenInterval(Record):
    """A stretch of one weekday in which a team or the desk is open."""

    __tablename__ = "business_intervals"
    __table_args__: Any = (
        *ordered("business_intervals", "weekday"),
        CheckConstraint("starts < ends", name="length"),
    )

    hours_id: Mapped[int] = link("business_hours.id", nullable=False, info=ui(_("Business hours")))
    weekday: Mapped[Weekday] = mapped_column(choice(Weekday), info=ui(_("Weekday")))
    starts: Mapped[str] = mapped_column(
        String(5), default="09:00", server_default="09:00", info=ui(_("From"), options="times")
    )
    ends: Mapped[str] = mapped_column(
        String(5), default="17:00", server_default="17:00", info=ui(_("To"), options="times")
    )

    hours: Mapped[BusinessHours] = relationship(back_populates="intervals", viewonly=True)

    resource = Resource(
        title=_("Open hours"), plural=_("Open hours"), new=_("New open hours"), desk=Desk.MANAGE, menu=Menu.SETUP, icon="clock", label="id",
        columns=("hours.name", "weekday", "starts", "ends"), form=("hours_id", "weekday", "starts", "ends"),
        filters=("hours_id", "weekday"), order="weekday", allow=PLANNERS,
        audit=("hours_id", "weekday", "starts", "ends"), service="open_intervals",
        api=Api(show=("id", "hours_id", "weekday", "starts", "ends"), write=("hours_id", "weekday", "starts", "ends")),
    )  # fmt: skip


class Holiday(Record):
    """A day on which a team or the desk stays closed."""

    __tablename__ = "holidays"
    __table_args__: Any = (
        *folded("holidays", "name"),
        *ordered("holidays", "day"),
        UniqueConstraint("hours_id", "day"),
    )

    hours_id: Mapped[int] = link("business_hours.id", nullable=False, info=ui(_("Business hours")))
    day: Mapped[dt.date] = mapped_column(Date, info=ui(_("Day")))
    name: Mapped[short_text] = mapped_column(info=ui(_("Name")))

    hours: Mapped[BusinessHours] = relationship(back_populates="holidays", viewonly=True)

    resource = Resource(
        title=_("Holiday"), plural=_("Holidays"), new=_("New holiday"), desk=Desk.MANAGE, menu=Menu.SETUP, icon="calendar", label="name",
        columns=("day", "name", "hours.name"), form=("hours_id", "day", "name"), search=("name",),
        filters=("hours_id", "day"), order="-day", allow=PLANNERS, audit=("hours_id", "day", "name"),
        api=Api(show=("id", "hours_id", "day", "name"), write=("hours_id", "day", "name")),
    )  # fmt: skip
