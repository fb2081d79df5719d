"""The history of a ticket: one row a change, old and new value of each field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.i18n import Text, _
from app.models.tickets import Ticket, TicketChange
from app.record.act import Act, act_of
from app.record.changes import Change, Verb
from app.record.rows import put

SPREAD = "custom_fields"
"""A column whose members are told one by one."""
NOTED: Mapping[str, Text] = {"merged_from": _("Merged from")}
"""What happens to a ticket and changes none of its fields, in words."""


def write(session: Session, act: Act, changes: Iterable[Change]) -> None:
    """Add the history rows of the tickets among `changes`."""
    rows = (row for change in changes if isinstance(change.row, Ticket) for row in _rows(act, change))
    put(session, TicketChange, rows)


def note(session: Session, ticket: Ticket, happened: Mapping[str, Any]) -> None:
    """Add a history row of what happened to a ticket by the names of `NOTED`, and what came of it."""
    row = _row(
        act_of(session), ticket, {name: {"old": None, "new": value} for name, value in happened.items()}
    )
    put(session, TicketChange, [row])


def label_of(name: str) -> Text:
    """Return in words what the history calls `name`, where that is no field any more, or never was one."""
    return NOTED.get(name, name.removeprefix(f"{SPREAD}."))


def _rows(act: Act, change: Change) -> Iterator[dict[str, Any]]:
    differences = dict(_differences(change))
    if change.verb is Verb.DELETE or not differences:
        return
    yield _row(act, change.row, differences)


def _row(act: Act, ticket: Ticket, differences: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "ticket_id": ticket.id,
        "changed_by": act.actor.label,
        "changes": differences,
        "actor_type": act.actor.kind.value,
        "source": act.source,
        "rule_id": act.rules.get(ticket),
        "created_at": now(),
    }


def _differences(change: Change) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in change.after:
        old, new = change.before.get(name), change.after[name]
        if name == SPREAD:
            yield from _members(old or {}, new or {})
        elif old != new and name != "id":
            yield name, {"old": old, "new": new}


def _members(old: dict[str, Any], new: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            yield f"{SPREAD}.{key}", {"old": old.get(key), "new": new.get(key)}
