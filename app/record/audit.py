"""The audit log: written in the transaction of the change, without secrets, texts or names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.audit import AuditLog
from app.record.act import Act, act_of
from app.record.changes import Change, noun_of
from app.record.discreet import discreet
from app.record.rows import put


def write(session: Session, act: Act, changes: Iterable[Change]) -> None:
    """Add an audit row for each change of an audited thing."""
    rows = (
        _row(act, f"{change.noun}_{change.verb}", change.row, _details(change))
        for change in changes
        if change.row.resource.audit
    )
    put(session, AuditLog, rows)


def log(session: Session, action: str, row: Any, details: Mapping[str, Any] | None = None) -> None:
    """Add an audit row for a deed that is more than a change of columns: `log(session, "ARCHIVE", row)`.

    A class in the place of the row stands for one that there is not.
    """
    log_all(session, action, [(row, dict(details or {}))])


def log_all(session: Session, action: str, deeds: Iterable[tuple[Any, dict[str, Any]]]) -> None:
    """Add an audit row for the same deed done to each row, with its details."""
    act = act_of(session)
    put(session, AuditLog, (_row(act, f"{_noun(row)}_{action}", row, details) for row, details in deeds))


def _noun(row: Any) -> str:
    return noun_of(row if isinstance(row, type) else type(row))


def _row(act: Act, action: str, row: Any, details: dict[str, Any]) -> dict[str, Any]:
    return {
        "action_type": action,
        "action_details": details,
        "performed_by": act.actor.label,
        "actor_type": act.actor.kind.value,
        "actor_id": None if act.actor.id is None else str(act.actor.id),
        "object_table": row.__tablename__,
        "object_id": None if isinstance(row, type) else row.id,
        "ip": act.ip,
        "request_id": act.request_id,
        "created_at": now(),
    }


def _details(change: Change) -> dict[str, Any]:
    audited = change.row.resource.audit
    details: dict[str, Any] = {"changed": sorted({*change.before, *change.after} - {"id"})}
    for side, values in (("before", change.before), ("after", change.after)):
        kept = {name: discreet(values[name]) for name in audited if name in values}
        if kept:
            details[side] = kept
    return details
