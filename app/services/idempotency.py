"""Requests that are sent again: claimed by their key in the transaction of the work, kept for a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.adapters import vault
from app.core.clock import now
from app.core.errors import FieldError, Invalid
from app.core.i18n import _
from app.models.idempotency import IdempotencyKey

KEPT_FOR = dt.timedelta(hours=24)
KEYS: Any = IdempotencyKey.__table__
SEALED = "idempotency"
"""What the vault binds kept answers to."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was given."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """A claimed key; `earlier` is the answer if its work was done before."""

    id: int
    earlier: Kept | None = None


def claim(session: Session, actor: str, key: str, fingerprint: str) -> Claim:
    """Claim `key` for the work at hand, waiting for another transaction that claims it too.

    Raises Invalid if the actor used the key for a request with another fingerprint.
    """
    moment = now()
    fresh: dict[str, Any] = {
        "fingerprint": fingerprint,
        "status": None,
        "headers": {},
        "body": None,
        "created_at": moment,
    }
    statement = insert(KEYS).values(actor=actor, key=key, **fresh)
    outdated = KEYS.c.created_at < moment - KEPT_FOR
    statement = statement.on_conflict_do_update(index_elements=["actor", "key"], set_=fresh, where=outdated)
    claimed = session.execute(statement.returning(KEYS.c.id)).scalar_one_or_none()
    if claimed is not None:
        return Claim(claimed)
    row = session.execute(select(KEYS).where(KEYS.c.actor == actor, KEYS.c.key == key)).one()
    if row.fingerprint != fingerprint:
        text = _("This key was used for another request. Use a new key for a new request.")
        raise Invalid([FieldError("Idempotency-Key", "taken", text)], text)
    return Claim(row.id, Kept(row.status, row.headers, _vault().open(row.body.decode(), SEALED).encode()))


def keep(session: Session, claimed: Claim, kept: Kept) -> None:
    """Keep the answer of the work, in its transaction; sealed, for it may show a secret this once."""
    sealed = _vault().seal(kept.body.decode(), SEALED).encode()
    values = {"status": kept.status, "headers": kept.headers, "body": sealed}
    session.execute(update(KEYS).where(KEYS.c.id == claimed.id).values(values))


def _vault() -> vault.Vault:
    return vault.from_config(current_app.config)
