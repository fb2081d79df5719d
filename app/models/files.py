"""Files the desk keeps: what was exported, and what is to be imported."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.declare import Can, Grant, Resource, Role, Rows, Scope, ui
from app.core.i18n import _
from app.models.base import Created, Entry, employee_link, link, moment, short_text


class File(Entry, Created):
    """One file of one person, kept under a random name until it expires."""

    __tablename__ = "files"
    __table_args__: Any = (Index("ix_files_expires_at", "expires_at"),)

    name: Mapped[short_text] = mapped_column(info=ui(_("Name")))
    media_type: Mapped[str] = mapped_column(String(100), info=ui(_("Type")))
    size: Mapped[int] = mapped_column(BigInteger, info=ui(_("Bytes")))
    storage_key: Mapped[str] = mapped_column(String(64), info=ui(_("Kept as"), secret=True))
    employee_id: Mapped[int | None] = employee_link(delete="CASCADE", info=ui(_("Whose")))
    api_key_id: Mapped[int | None] = link("api_keys.id", delete="CASCADE", info=ui(_("API key")))
    expires_at: Mapped[moment] = mapped_column(info=ui(_("Kept until")))

    resource = Resource(
        title=_("File"), plural=_("Files"), label="name", columns=("name", "size", "expires_at"), order="-id",
        rows=Rows(owner="employee_id", key="api_key_id"),
        allow={
            Role.ADMIN: Grant(Can.READ),
            Role.SUPERVISOR: Grant(Can.READ, rows=Scope.OWN),
            Role.AGENT: Grant(Can.READ, rows=Scope.OWN),
        },
        keys=Grant(Can.READ),
        audit=("media_type", "size"),
    )  # fmt: skip
