"""What happened to a row: from the history of a ticket, from the audit log for everything else."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.core.i18n import Text, _
from app.generate import pages
from app.generate.changes import Kept, audited, drawn
from app.generate.names import names_of_actors
from app.models.audit import AuditLog
from app.models.tickets import Ticket, TicketChange

NEWEST = 50
"""Entries shown."""


def history_of(session: Session, actor: Actor, row: Any) -> pages.History:
    """Return the newest entries of a row, without fields the actor never sees."""
    told = _of_ticket(session, row) if isinstance(row, Ticket) else _of_audit(session, row)
    names = names_of_actors(session, [entry[1] for entry in told])
    changes = drawn(session, actor, type(row), [entry[4] for entry in told], vars(row))
    return pages.History(
        entries=tuple(
            pages.Entry(
                when=when,
                who=names.get(who, who),
                what=what,
                source=source,
                changes=found,
            )
            for (when, who, what, source, _kept), found in zip(told, changes, strict=True)
        ),
        empty=pages.Empty(title=_("Nothing happened yet"), icon="history"),
    )


Told = tuple[Any, str, Text, str, Kept]


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
    what = what_happened(entry.action_type)
    return entry.created_at, entry.performed_by, what, "", audited(entry.action_details)


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
