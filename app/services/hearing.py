"""Tickets as an event kept them, for the criteria of webhooks: a later change alters no answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.criteria import Facts
from app.fields import CUSTOM, Field, FieldSet, Refused, fields_of
from app.models.tickets import Ticket
from app.services.coverage import moment_of


def facts_of(session: Session, event: Row[Any]) -> Facts | None:
    """Return what criteria see of the ticket that `event` is about, None if it is about no ticket.

    What the event kept counts, with what it says was changed; the rest is read from the ticket as it is.
    """
    kept = event.payload["object"]
    own = event.object_table == Ticket.__tablename__
    ticket = session.get(Ticket, event.object_id if own else kept.get("ticket_id") or 0)
    if ticket is None and not own:
        return None
    fields = fields_of(session, Ticket)
    row = _typed(fields, kept) if own else {}
    if ticket is not None:
        row = {name: getattr(ticket, name) for name in (*_columns(fields), CUSTOM)} | row
    changed = event.payload.get("changed", {}) if own else {}
    former = {name: values["old"] for name, values in changed.items()}
    team = row.get("team_id")
    return Facts(row, before=_before(fields, former), moment=moment_of(session, team_id=team))


def _columns(fields: FieldSet) -> list[str]:
    return [field.name for field in fields.values() if not field.custom and not field.secret]


def _typed(fields: FieldSet, kept: Mapping[str, Any]) -> dict[str, Any]:
    typed = {name: _value(fields[name], kept[name]) for name in _columns(fields) if name in kept}
    return typed | ({CUSTOM: kept[CUSTOM]} if CUSTOM in kept else {})


def _before(fields: FieldSet, former: Mapping[str, Any]) -> dict[str, Any]:
    columns = _typed(fields, former)
    custom = {field.name: field.read(former) for field in fields.custom} if CUSTOM in former else {}
    return {name: value for name, value in columns.items() if name != CUSTOM} | custom


def _value(field: Field, kept: Any) -> Any:
    """Return the typed value of what JSON kept; an option that is gone since is no value any more."""
    try:
        return field.parse(kept)
    except Refused:
        return None
