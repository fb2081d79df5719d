"""Answers that are given again when a request with the same Idempotency-Key comes again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.declare import Resource, ui
from app.core.i18n import _
from app.models.base import Created, Entry, json_object


class IdempotencyKey(Entry, Created):
    """One request of one actor that was done, by the key they gave it, and how it was answered."""

    __tablename__ = "idempotency_keys"
    __table_args__: Any = (
        UniqueConstraint("actor", "key"),
        Index("ix_idempotency_keys_created_at", "created_at"),
    )

    actor: Mapped[str] = mapped_column(String(60), info=ui(_("Actor")))
    key: Mapped[str] = mapped_column(String(200), info=ui(_("Key")))
    fingerprint: Mapped[str] = mapped_column(String(64), info=ui(_("Fingerprint"), secret=True))
    status: Mapped[int | None] = mapped_column(Integer, info=ui(_("Status")))
    headers: Mapped[json_object] = mapped_column(info=ui(_("Headers"), secret=True))
    body: Mapped[bytes | None] = mapped_column(LargeBinary, info=ui(_("Body"), secret=True))

    resource = Resource(title=_("Idempotency key"), plural=_("Idempotency keys"), label="id")
