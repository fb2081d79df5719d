"""Into the archive."""

from __future__ import annotations

import zlib

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.access import Actor, require
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict, NotFound
from app.core.i18n import _
from app.models.archives import Archive
from app.models.tickets import Ticket
from app.record import emit, flush, log
from app.services.archives.canonical import canonical
from app.services.archives.proof import digest
from app.services.archives.snapshot import Snapshot, counts, read, remove
from app.services.tickets.live import refuse_archived

FORMAT = 1
"""The version of the snapshot's form."""


def take(session: Session, actor: Actor, ticket: Ticket, reason: str) -> Archive:
    """Take an ended ticket to the archive: its texts, messages, history and decisions leave, a stub stays.

    Raises NotFound, and Conflict where it is somebody's work still or lies in the archive already.
    """
    require(actor, Can.EDIT, ticket)
    _hold(session, ticket)
    refuse_archived(ticket)
    if ticket.is_active:
        raise Conflict(_("Only a resolved or closed ticket can be archived."))
    archive = _archive(ticket, read(session, ticket.id), reason)
    session.add(archive)
    remove(session, ticket.id)
    session.refresh(ticket)
    ticket.archived_at = archive.archived_at
    flag_modified(ticket, "updated_at")  # archiving changes nothing a report may count
    flush(session)
    emit(session, "TICKET_ARCHIVED", ticket, {"archive_id": archive.id, "sha256": archive.sha256})
    log(session, "ARCHIVE", ticket, {"archive_id": archive.id, "sha256": archive.sha256, "reason": reason})
    return archive


def _hold(session: Session, ticket: Ticket) -> None:
    """Read the ticket anew and keep everybody from writing to it, or adding a message, until the commit."""
    # A statement of its own: a list may have joined others, whose rows cannot all be locked.
    anew = select(Ticket).where(Ticket.id == ticket.id).with_for_update()
    if session.scalar(anew, execution_options={"populate_existing": True}) is None:
        raise NotFound


def _archive(ticket: Ticket, snapshot: Snapshot, reason: str) -> Archive:
    content = canonical(snapshot)
    packed = zlib.compress(content, 9)
    return Archive(
        ticket_id=ticket.id,
        archived_data={"ticket": snapshot["ticket"], "manifest": {**counts(snapshot), "bytes": len(content)}},
        archived_at=now(),
        reason=reason,
        snapshot=packed,
        sha256=digest(content),
        format_version=FORMAT,
        size=len(packed),
    )
