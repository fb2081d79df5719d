"""The audit log: what everybody did. Rows are added and never change, and are sealed in blocks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Integer,
    LargeBinary,
    String,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.declare import ANY, Api, Can, Desk, Grant, Menu, Resource, Role, ui
from app.core.i18n import _
from app.core.shape import Changes
from app.models.base import (
    Created,
    Entry,
    asked,
    moment,
    ordered,
)


class AuditLog(Entry, Created):
    """One action. `performed_by` holds kind and id, never a name: names are looked up when shown."""

    __tablename__ = "audit_logs"
    __table_args__: Any = (
        *asked("audit_logs", "object_id", words=("action_type", "performed_by", "object_table")),
        *ordered("audit_logs", "created_at"),
    )

    action_type: Mapped[str] = mapped_column(String(60), info=ui(_("Action")))
    action_details: Mapped[dict[str, Any]] = mapped_column(
        JSONB, info=ui(_("Details"), changes=Changes(of="object_table"), tells=ANY)
    )
    performed_by: Mapped[str] = mapped_column(String(60), info=ui(_("Performed by"), actor=True))
    actor_type: Mapped[str] = mapped_column(String(20), info=ui(_("Kind of actor")))
    actor_id: Mapped[str | None] = mapped_column(String(40), info=ui(_("Actor")))
    object_table: Mapped[str] = mapped_column(String(63), info=ui(_("Table")))
    object_id: Mapped[int | None] = mapped_column(BigInteger, info=ui(_("Row"), row_of="object_table"))
    ip: Mapped[str | None] = mapped_column(String(45), info=ui(_("Address")))
    request_id: Mapped[str | None] = mapped_column(String(64), info=ui(_("Request")))

    resource = Resource(
        title=_("Audit entry"), plural=_("Audit log"), desk=Desk.WATCH, menu=Menu.RECORDS, icon="shield-check", label="id",
        columns=("created_at", "action_type", "performed_by", "object_id", "action_details"),
        show=(
            "created_at", "action_type", "performed_by", "object_table", "object_id", "ip", "request_id", "action_details",
        ),
        filters=("action_type", "performed_by", "object_table", "object_id", "created_at"), grows=True, order="-created_at",
        allow={Role.ADMIN: Grant(Can.READ)},
        api=Api(
            show=(
                "id", "action_type", "action_details", "performed_by", "object_table", "object_id", "ip", "request_id",
                "created_at",
            )
        ),
    )  # fmt: skip


class AuditBlock(Entry):
    """A seal over the rows `first_id` to `last_id` of the audit log, and over the block before it.

    Blocks follow each other without a gap, in their own numbers and in the rows they cover. Made by the sealer
    only (app.services.audit).
    """

    __tablename__ = "audit_blocks"
    __table_args__: Any = (
        *asked("audit_blocks", words=("key_id",), order="sealed_at"),
        *ordered("audit_blocks", "sealed_at"),
    )

    first_id: Mapped[int] = mapped_column(BigInteger, info=ui(_("First row")))
    last_id: Mapped[int] = mapped_column(BigInteger, info=ui(_("Last row")))
    row_count: Mapped[int] = mapped_column(Integer, info=ui(_("Rows")))
    merkle_root: Mapped[str] = mapped_column(String(64), info=ui(_("Root of the rows")))
    marks: Mapped[bytes] = mapped_column(
        LargeBinary, deferred=True, info=ui(_("Marks of the rows"), secret=True)
    )
    previous_mac: Mapped[str] = mapped_column(String(64), info=ui(_("Seal of the block before")))
    mac: Mapped[str] = mapped_column(String(64), info=ui(_("Seal")))
    key_id: Mapped[str] = mapped_column(String(8), info=ui(_("Key")))
    sealed_at: Mapped[moment] = mapped_column(info=ui(_("Sealed")))

    resource = Resource(
        title=_("Audit block"), plural=_("Audit blocks"), desk=Desk.WATCH, menu=Menu.RECORDS, icon="lock", label="id",
        columns=("id", "sealed_at", "first_id", "last_id", "row_count", "key_id"),
        show=("id", "sealed_at", "first_id", "last_id", "row_count", "merkle_root", "previous_mac", "mac", "key_id"),
        filters=("sealed_at", "key_id"), grows=True, order="-sealed_at",
        allow={Role.ADMIN: Grant(Can.READ)},
        api=Api(
            show=(
                "id", "first_id", "last_id", "row_count", "merkle_root", "previous_mac", "mac", "key_id", "sealed_at",
            )
        ),
    )  # fmt: skip
