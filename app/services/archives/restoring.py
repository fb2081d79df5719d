"""Out of the archive, proved equal."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.access import Actor, require
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict
from app.core.i18n import _
from app.models.archives import Archive
from app.models.tickets import Ticket
from app.record import emit, flush, log
from app.services.archives.canonical import canonical
from app.services.archives.proof import open_snapshot
from app.services.archives.snapshot import LEAVES, PARTS, Snapshot, moment, put_back, read


def restore(session: Session, actor: Actor, archive: Archive) -> Ticket:
    """Bring a ticket back exactly as it was, and prove it: what is there again has the bytes that left.

    Where the stub changed meanwhile (its team was deleted), it stays as it is now, and the audit log names
    the columns. Raises NotFound, and Conflict where there is nothing to restore or the proof fails.
    """
    require(actor, Can.EDIT, archive)
    ticket = _stub(session, archive)
    snapshot = open_snapshot(archive)
    expected = put_back(session, ticket.id, snapshot)
    _held(session, Ticket, ticket.id)
    ticket.archived_at, ticket.updated_at = None, moment(snapshot["ticket"]["updated_at"])
    flag_modified(ticket, "updated_at")
    archive.restored_at = now()
    flush(session)
    changed = _prove(expected, read(session, ticket.id))
    details = {"archive_id": archive.id, "sha256": archive.sha256, "changed": changed}
    emit(session, "TICKET_RESTORED", ticket, {"archive_id": archive.id, "sha256": archive.sha256})
    log(session, "RESTORE", ticket, details)
    return ticket


def _stub(session: Session, archive: Archive) -> Ticket:
    # Statements of their own: a list may have joined others, whose rows cannot all be locked, and may
    # have read the ticket's title only.
    ticket: Ticket | None = _held(session, Ticket, archive.ticket_id)
    if ticket is None:
        raise Conflict(_("The ticket of this archive was deleted."))
    _held(session, Archive, archive.id)
    if archive.restored_at is not None or ticket.archived_at is None:
        raise Conflict(_("This ticket is restored already."))
    return ticket


def _held(session: Session, model: Any, key: int | None) -> Any:
    """Return a row read anew and whole, held until the commit."""
    anew = select(model).where(model.id == key).with_for_update()
    return session.scalar(anew, execution_options={"populate_existing": True})


def _prove(expected: Snapshot, restored: Snapshot) -> list[str]:
    """Raise Conflict unless all that left is back, byte for byte; return what the stub changed.

    The history may be longer: that the ticket was archived and restored stands in it too.
    """
    was, now_is = expected["ticket"], restored["ticket"]
    changed = [name for name, value in was.items() if now_is.get(name) != value]
    returned = {name: _among(restored[name], expected[name]) for name in PARTS}
    wanted = {**expected, "ticket": {**was, **{name: now_is[name] for name in changed}}}
    if set(changed) & set(LEAVES) or canonical({**returned, "ticket": now_is}) != canonical(wanted):
        raise Conflict(_("The restored ticket is not equal to what was archived; nothing was changed."))
    return changed


def _among(rows: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    identities = {row["id"] for row in wanted}
    return [row for row in rows if row["id"] in identities]
