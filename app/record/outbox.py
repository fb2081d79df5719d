"""Events: in the database before the change is acknowledged, in the queue after the commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.core.clock import now
from app.fields import CUSTOM, Audience, FieldSet, Kind, fields_of
from app.models.effects import Effect, State
from app.models.webhooks import Event
from app.record.act import act_of
from app.record.changes import Change, Verb, noun_of
from app.record.rows import insert_all

TOLD = ("told",)
"""Where a set of fields remembers those of them that events tell."""

MOST = 100
"""Effects of one kind that the queue hears of after one commit."""
HINTS = {Event.__effect__: 1}
"""The same for kinds of their own: all events that are due are published together."""

PAST = {Verb.CREATE: "CREATED", Verb.UPDATE: "UPDATED", Verb.DELETE: "DELETED"}


def write(session: Session, changes: Iterable[Change]) -> None:
    """Add an event for each change of a thing that declares events."""
    rows = [
        _row(session, f"{noun_of(type(change.row))}_{PAST[change.verb]}", change.row, said)
        for change in changes
        if change.row.resource.events
        and ((said := _changed(session, change)).get("changed") or change.verb is not Verb.UPDATE)
    ]
    _insert(session, rows)


def emit(session: Session, event_type: str, row: Any, extra: Mapping[str, Any] | None = None) -> None:
    """Add the event of a deed: `emit(session, "TICKET_REPLIED", ticket, {"message": …})`."""
    emit_all(session, event_type, [(row, dict(extra or {}))])


def emit_all(session: Session, event_type: str, deeds: Iterable[tuple[Any, dict[str, Any]]]) -> None:
    """Add the event of the same deed done to each row, in their order."""
    _insert(session, [_row(session, event_type, row, extra) for row, extra in deeds])


def collect(session: Session, effect: Effect) -> None:
    """Remember an effect flushed by the session, if it is due: the queue is told after the commit."""
    if effect.state is not State.WAITING or effect.due_at > now():
        return
    if not session.info.get("published"):
        hint(session, type(effect).__effect__, effect.id)  # type: ignore[attr-defined]


def hint(session: Session, kind: str, row: int) -> None:
    """Let the queue hear, after the commit, that `row` of `kind` is due.

    Of very many it hears of the first: the sweep finds the others, and what else is due comes in between.
    """
    waiting = _waiting(session).setdefault(kind, [])
    if len(waiting) < HINTS.get(kind, MOST):
        waiting.append(row)


def taken(session: Session) -> list[tuple[str, int]]:
    """Return and forget the effects to be told to the queue."""
    waiting: dict[str, list[int]] = session.info.pop("effects", {})
    return [(kind, row) for kind, rows in waiting.items() for row in rows]


def _insert(session: Session, rows: list[dict[str, Any]]) -> None:
    quiet = session.info.get("published", False)
    added = insert_all(session, Event.__table__, [row | _published(quiet) for row in rows])
    if added and not quiet:
        hint(session, Event.__effect__, added[0])


def _published(quiet: bool) -> dict[str, Any]:
    moment = now()
    return {"state": "done", "done_at": moment, "published_at": moment} if quiet else {"state": "waiting"}


def _row(session: Session, event_type: str, row: Any, extra: dict[str, Any]) -> dict[str, Any]:
    return {
        "event_type": event_type,
        "object_table": row.__tablename__,
        "object_id": row.id,
        "payload": {"object": snapshot(session, row), "actor": act_of(session).actor.label, **extra},
        "created_at": now(),
        "due_at": now(),
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


def _waiting(session: Session) -> dict[str, list[int]]:
    waiting: dict[str, list[int]] = session.info.setdefault("effects", {})
    return waiting
