"""What the desk knows of itself: figures, index work and recurring work."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.declare import Api, Can, Choice, Desk, Grant, Menu, Resource, Role, ui
from app.core.i18n import _
from app.models.base import (
    Entry,
    Record,
    asked,
    choice,
    moment,
    ordered,
)


class Metric(Entry):
    """One measured value of the running desk."""

    __tablename__ = "performance_metrics"
    __table_args__: Any = (
        Index("ix_performance_metrics_series", "metric_name", "timestamp"),
        *asked("performance_metrics", words=("metric_name", "source"), order="timestamp"),
        *ordered("performance_metrics", "timestamp"),
    )

    metric_name: Mapped[str] = mapped_column(String(80), info=ui(_("Metric")))
    value: Mapped[Any] = mapped_column(JSONB, info=ui(_("Value")))
    timestamp: Mapped[moment] = mapped_column(info=ui(_("Measured")))
    source: Mapped[str] = mapped_column(String(60), info=ui(_("Source")))

    resource = Resource(
        title=_("Metric"), plural=_("Performance"), desk=Desk.WATCH, menu=Menu.RECORDS, icon="gauge", label="metric_name",
        columns=("timestamp", "metric_name", "value", "source"), filters=("metric_name", "source", "timestamp"), grows=True, order="-timestamp",
        allow={Role.ADMIN: Grant(Can.READ), Role.SUPERVISOR: Grant(Can.READ)},
        api=Api(show=("id", "metric_name", "value", "timestamp", "source")),
    )  # fmt: skip


class IndexKind(Choice):
    """What is looked after."""

    INDEX = "index", _("Index")
    VIEW = "materialized view", _("Materialized view")


class IndexOptimization(Entry):
    """One index or materialized view: why it is there, how large, how often used or refreshed."""

    __tablename__ = "index_optimizations"

    kind: Mapped[IndexKind] = mapped_column(choice(IndexKind), info=ui(_("Kind")))
    name: Mapped[str] = mapped_column(String(120), unique=True, info=ui(_("Name")))
    definition: Mapped[str] = mapped_column(Text, info=ui(_("Definition")))
    reason: Mapped[str | None] = mapped_column(String(400), info=ui(_("Reason")))
    size: Mapped[int] = mapped_column(BigInteger, default=0, info=ui(_("Bytes")))
    scans: Mapped[int] = mapped_column(BigInteger, default=0, info=ui(_("Scans")))
    last_refresh: Mapped[moment | None] = mapped_column(info=ui(_("Last refresh")))
    state: Mapped[str] = mapped_column(String(40), default="valid", info=ui(_("State")))

    resource = Resource(
        title=_("Index"), plural=_("Indexes and views"), desk=Desk.WATCH, menu=Menu.RECORDS, icon="database", label="name",
        columns=("kind", "name", "size", "scans", "last_refresh", "state"),
        show=("kind", "name", "definition", "reason", "size", "scans", "last_refresh", "state"),
        filters=("kind", "name", "state"), order="name", allow={Role.ADMIN: Grant(Can.READ)},
    )  # fmt: skip


class Schedule(Record):
    """One recurring job and when it is due again. A minute tick under an advisory lock starts it."""

    __tablename__ = "schedules"

    name: Mapped[str] = mapped_column(String(60), unique=True, info=ui(_("Name")))
    every_seconds: Mapped[int] = mapped_column(Integer, info=ui(_("Every, seconds")))
    next_at: Mapped[moment] = mapped_column(info=ui(_("Next run")))
    last_at: Mapped[moment | None] = mapped_column(info=ui(_("Last")))
    last_result: Mapped[str | None] = mapped_column(String(400), info=ui(_("Last result")))

    resource = Resource(
        title=_("Schedule"), plural=_("Schedule"), desk=Desk.WATCH, menu=Menu.AUTOMATION, icon="calendar-clock", label="name",
        columns=("name", "every_seconds", "next_at", "last_at", "last_result"), order="name",
        allow={Role.ADMIN: Grant(Can.READ)},
    )  # fmt: skip
