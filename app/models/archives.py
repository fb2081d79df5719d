"""Archived tickets: the verified snapshot beside the stub."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Index,
    Integer,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.declare import Api, Can, Desk, Grant, Menu, Resource, Role, ui
from app.core.i18n import _
from app.models.base import (
    Record,
    link,
    moment,
    ordered,
)
from app.models.tickets import Ticket


class Archive(Record):
    """One ticket as it was: canonical JSON, compressed, and its SHA-256 as proof."""

    __tablename__ = "storage_archives"
    __table_args__: Any = (
        *ordered("storage_archives", "archived_at"),
        Index(
            "ix_storage_archives_restored", "restored_at", postgresql_where=text("restored_at IS NOT NULL")
        ),
    )

    ticket_id: Mapped[int | None] = link("tickets.id", delete="SET NULL", info=ui(_("Ticket")))
    archived_data: Mapped[dict[str, Any]] = mapped_column(JSONB, info=ui(_("Ticket and manifest")))
    archived_at: Mapped[moment] = mapped_column(info=ui(_("Archived")))
    reason: Mapped[str | None] = mapped_column(String(200), info=ui(_("Reason")))
    retention_period: Mapped[int | None] = mapped_column(Integer, info=ui(_("Kept for, days")))
    snapshot: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, info=ui(_("Snapshot"), secret=True))
    sha256: Mapped[str] = mapped_column(String(64), info=ui(_("SHA-256")))
    format_version: Mapped[int] = mapped_column(Integer, default=1, server_default="1", info=ui(_("Format")))
    size: Mapped[int] = mapped_column(Integer, info=ui(_("Bytes")))
    restored_at: Mapped[moment | None] = mapped_column(info=ui(_("Restored")))

    ticket: Mapped[Ticket | None] = relationship(viewonly=True)

    resource = Resource(
        title=_("Archive"), plural=_("Archives"), desk=Desk.WATCH, menu=Menu.RECORDS, icon="archive", label="id",
        columns=("archived_at", "ticket_id", "ticket.title", "reason", "size", "restored_at"),
        show=(
            "archived_at", "ticket_id", "ticket.title", "reason", "retention_period", "size", "sha256", "format_version",
            "restored_at", "archived_data",
        ),
        filters=("ticket_id", "archived_at", "restored_at"), grows=True, order="-archived_at",
        allow={Role.ADMIN: Grant(Can.READ | Can.EDIT), Role.SUPERVISOR: Grant(Can.READ)},
        audit=("ticket_id", "sha256", "size", "restored_at"), service="archives", actions=("restore",),
        api=Api(show=("id", "ticket_id", "archived_data", "archived_at", "reason", "retention_period", "sha256", "size", "restored_at")),
    )  # fmt: skip
