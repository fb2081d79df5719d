"""Events: in the database before the change is acknowledged, in the queue after the commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.fields import CUSTOM, Audience, FieldSet, Kind, fields_of
from app.models.webhooks import Event
from app.record.act import act_of
from app.record.changes import Change, Verb, noun_of
from app.record.hints import new_effect
from app.record.rows import put

TOLD = ("told",)
"""Where a set of fields remembers those of them that events tell."""

PAST = {Verb.CREATE: "CREATED", Verb.UPDATE: "UPDATED", Verb.DELETE: "DELETED"}


def write(session: Session, changes: Iterable[Change]) -> None:
    """Add an event for each change of a thing that declares events."""
    rows = (
        _row(session, f"{noun_of(type(change.row))}_{PAST[change.verb]}", change.row, said)
        for change in changes
        if change.row.resource.events
        and ((said := _changed(session, change)).get("changed") or change.verb is not Verb.UPDATE)
    )
    put(session, Event, rows)


def emit(session: Session, event_type: str, row: Any, extra: Mapping[str, Any] | None = None) -> None:
    """Add the event of a deed: `emit(session, "TICKET_REPLIED", ticket, {"message": …})`."""
    emit_all(session, event_type, [(row, dict(extra or {}))])


def emit_all(session: Session, event_type: str, deeds: Iterable[tuple[Any, dict[str, Any]]]) -> None:
    """Add the event of the same deed done to each row, in their order."""
    put(session, Event, (_row(session, event_type, row, extra) for row, extra in deeds))


def _row(session: Session, event_type: str, row: Any, extra: dict[str, Any]) -> dict[str, Any]:
    effect = new_effect(session)
    return {
        "event_type": event_type,
        "object_table": row.__tablename__,
        "object_id": row.id,
        "payload": {"object": snapshot(session, row), "actor": act_of(session).actor.label, **extra},
        "created_at": effect["due_at"],
        "published_at": effect["done_at"],
        **effect,
    }


def snapshot(session: Session, row: Any) -> dict[str, Any]:
    """Return the members the API shows of `row`, as it shows them; its key where there is no API."""
    return told(session, type(row)).dump(row)


def told(session: Session, model: Any) -> FieldSet:
    """Return the fields that programs may read."""
    fields = fields_of(session, model)
    found: FieldSet | None = fields.memo.get(TOLD)
    if found is None:
        shown = fields.pick(model.resource.api.show if model.resource.api else ("id",))
        found = fields.memo[TOLD] = shown.pick(tuple(field.name for field in shown.visible(Audience.API)))
    return found


def _changed(session: Session, change: Change) -> dict[str, Any]:
    if change.verb is not Verb.UPDATE:
        return {}
    fields, changed = told(session, type(change.row)), {}
    for name in change.after:
        old, new = (_as_told(fields, name, values.get(name)) for values in (change.before, change.after))
        if old != new:
            changed[name] = {"old": old, "new": new}
    return {"changed": changed}


def _as_told(fields: FieldSet, name: str, value: Any) -> Any:
    """Return a value of a change as the API shows it, None for what it does not show."""
    if name == CUSTOM:
        return {key: one for key, one in (value or {}).items() if f"{CUSTOM}.{key}" in fields}
    if name not in fields or value is None:
        return None
    field = fields[name]
    return field.dump(field.parse(value)) if field.kind is Kind.DATETIME else value
