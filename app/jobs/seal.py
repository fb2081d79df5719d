"""Sealing the audit log, as part of the clockwork's look; and telling checkpoints."""

from __future__ import annotations

from flask import current_app
from sqlalchemy.orm import Session

from app.adapters import audit_keys
from app.jobs.unit import unit
from app.services import audit


def seal(session: Session) -> int:
    """Seal what is due, and return how many rows were."""
    sealer: audit.Sealer = current_app.extensions.setdefault("frontdesk_sealer", audit.Sealer())
    return sealer.look(session, audit_keys.from_config(current_app.config))


def tell_checkpoint() -> str:
    """Send webhooks what is known of the last block, if it is new."""
    with unit() as session:
        told = audit.tell(session, audit_keys.from_config(current_app.config))
    return "told" if told else "nothing new"
