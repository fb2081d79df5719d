"""What happened to a row: from the history of a ticket, from the audit log for everything else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, hidden, is_hidden
from app.core.i18n import Text, _
from app.fields import Audience, FieldSet, Refused, fields_of
from app.generate import builder, pages
from app.generate.builder.say import titles_of
from app.generate.cells import named_cell
from app.generate.lines.words import Titles, rows_in
from app.generate.names import names_of_actors
from app.generate.parts import Cell
from app.models.audit import AuditLog
from app.models.tickets import Ticket, TicketChange
from app.record import label_of

NEWEST = 50
"""Entries shown."""


def history_of(session: Session, actor: Actor, row: Any) -> pages.History:
    """Return the newest entries of a row, without fields the actor never sees."""
    fields = fields_of(session, type(row))
    hide = hidden(actor, type(row)) | fields.invisible(Audience.AGENT)
    told = _of_ticket(session, row) if isinstance(row, Ticket) else _of_audit(session, row)
    names = names_of_actors(session, [entry[1] for entry in told])
    titles = titles_of(session, actor, _named(fields, [entry[4] for entry in told]))
    drawing = _Drawing(session, actor, fields, vars(row), titles)
    return pages.History(
        entries=tuple(
            pages.Entry(
                when=when,
                who=names.get(who, who),
                what=what,
                source=source,
                changes=tuple(
                    _change(drawing, name, values)
                    for name, values in changes.items()
                    if not is_hidden(hide, name)
                ),
            )
            for when, who, what, source, changes in told
        ),
        empty=pages.Empty(title=_("Nothing happened yet"), icon="history"),
    )


Told = tuple[Any, str, Text, str, Mapping[str, Any]]


def _of_ticket(session: Session, ticket: Ticket) -> list[Told]:
    statement = (
        select(TicketChange)
        .where(TicketChange.ticket_id == ticket.id)
        .order_by(TicketChange.id.desc())
        .limit(NEWEST)
    )
    return [_told_of_ticket(row) for row in session.scalars(statement)]


def _told_of_ticket(row: TicketChange) -> Told:
    if "title" in row.changes and row.changes["title"]["old"] is None:
        return row.created_at, row.changed_by, _("Added"), row.source, {}
    return row.created_at, row.changed_by, "", row.source, row.changes


def _of_audit(session: Session, row: Any) -> list[Told]:
    statement = (
        select(AuditLog)
        .where(AuditLog.object_table == row.__tablename__, AuditLog.object_id == row.id)
        .order_by(AuditLog.id.desc())
        .limit(NEWEST)
    )
    return [_told(entry) for entry in session.scalars(statement)]


def _told(entry: AuditLog) -> Told:
    before, after = entry.action_details.get("before", {}), entry.action_details.get("after", {})
    changes = {name: {"old": before.get(name), "new": after.get(name)} for name in {**before, **after}}
    return entry.created_at, entry.performed_by, what_happened(entry.action_type), "", changes


def what_happened(action: str) -> Text:
    """Return an audit action in words: `EMPLOYEE_SESSION_END` by its known ending."""
    words = action.split("_")
    endings = ("_".join(words[place:]) for place in range(len(words)))
    return next((VERBS[ending] for ending in endings if ending in VERBS), action)


VERBS: dict[str, Text] = {
    "CREATE": _("Added"),
    "UPDATE": _("Changed"),
    "DELETE": _("Deleted"),
    "ARCHIVE": _("Archived"),
    "RESTORE": _("Restored"),
    "RETRY": _("Tried again"),
    "REPLAY": _("Sent again"),
    "REVOKE": _("Revoked"),
    "LOGIN": _("Signed in"),
    "LOGIN_FAILED": _("Failed to sign in"),
    "LOGOUT": _("Signed out"),
    "CANCEL": _("Stopped"),
    "DISABLE": _("Switched off"),
    "EXPORT": _("Exported"),
    "SESSION_END": _("Ended a session"),
    "PASSWORD_CHANGE": _("Changed the password"),
    "TOTP_ENABLE": _("Turned on the second factor"),
    "TOTP_DISABLE": _("Turned off the second factor"),
    "RECOVERY_CODES": _("Made new recovery codes"),
}


@dataclass(frozen=True)
class _Drawing:
    session: Session
    actor: Actor
    fields: FieldSet
    row: Mapping[str, Any]
    titles: Titles

    def cell(self, name: str, value: Any) -> Cell:
        """Return a former value as a cell; one that is none of its field any more as it was kept."""
        if name not in self.fields or value is None:
            return Cell(text="" if value is None else str(value))
        field = self.fields[name]
        try:
            said = builder.cell_of(self.session, self.actor, field, value, self.row)
            return said or named_cell(field, field.parse(value), self.titles)
        except Refused:
            return Cell(text=str(value))


def _named(fields: FieldSet, changes: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, int]]:
    """Yield table and number of each row that the changes refer to."""
    for name, values in ((name, values) for one in changes for name, values in one.items() if name in fields):
        field = fields[name]
        for value in values.values():
            if field.reference and isinstance(value, int):
                yield field.reference, value
            elif field.shape is not None:
                yield from rows_in(field.shape, value)


def _change(drawing: _Drawing, name: str, values: Mapping[str, Any]) -> pages.Change:
    return pages.Change(
        label=drawing.fields[name].label if name in drawing.fields else label_of(name),
        before=drawing.cell(name, values.get("old")),
        after=drawing.cell(name, values.get("new")),
    )
