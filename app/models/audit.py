"""The audit log: what everybody did. Rows are added and never change."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.declare import Api, Can, Desk, Grant, Menu, Resource, Role, ui
from app.core.i18n import _
from app.models.base import Created, Entry


class AuditLog(Entry, Created):
    """One action. `performed_by` holds kind and id, never a name: names are looked up when shown."""

    __tablename__ = "audit_logs"
    __table_args__: Any = (
        Index("ix_audit_logs_object", "object_table", "object_id"),
        Index("ix_audit_logs_created_at", "created_at"),
    )

    action_type: Mapped[str] = mapped_column(String(60), index=True, info=ui(_("Action")))
    action_details: Mapped[dict[str, Any]] = mapped_column(JSONB, info=ui(_("Details")))
    performed_by: Mapped[str] = mapped_column(String(60), index=True, info=ui(_("Performed by")))
    actor_type: Mapped[str] = mapped_column(String(20), info=ui(_("Kind of actor")))
    actor_id: Mapped[str | None] = mapped_column(String(40), info=ui(_("Actor")))
    object_table: Mapped[str] = mapped_column(String(63), info=ui(_("Table")))
    object_id: Mapped[int | None] = mapped_column(BigInteger, info=ui(_("Row")))
    ip: Mapped[str | None] = mapped_column(String(45), info=ui(_("Address")))
    request_id: Mapped[str | None] = mapped_column(String(64), info=ui(_("Request")))

    resource = Resource(
        title=_("Audit entry"), plural=_("Audit log"), desk=Desk.WATCH, menu=Menu.RECORDS, icon="shield-check", label="id",
        columns=("created_at", "action_type", "performed_by", "object_table", "object_id", "action_details"),
        show=(
            "created_at", "action_type", "performed_by", "object_table", "object_id", "ip", "request_id", "action_details",
        ),
        filters=("action_type", "performed_by", "object_table", "object_id", "created_at"), order="-id",
        allow={Role.ADMIN: Grant(Can.READ)},
        api=Api(
            show=(
                "id", "action_type", "action_details", "performed_by", "object_table", "object_id", "ip", "request_id",
                "created_at",
            )
        ),
    )  # fmt: skip
