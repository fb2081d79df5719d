"""Out of the archive, proved equal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session, undefer

from app.access import Actor, require
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict
from app.core.i18n import _
from app.models.archives import Archive
from app.models.tickets import Ticket
from app.record import emit_all, log_all, tell
from app.services.archives.canonical import canonical
from app.services.archives.holding import changed, held
from app.services.archives.proof import open_snapshot, proof_of
from app.services.archives.snapshot import LEAVES, PARTS, Snapshot, put_back, read, without_lost_rules

ARCHIVES = Archive.__table__


def restore(session: Session, actor: Actor, archive: Archive) -> Ticket:
    """Bring a ticket back exactly as it was, and prove it: what is there again has the bytes that left.

    Where the stub changed meanwhile (its team was deleted), it stays as it is now, and the audit log names
    the columns. Raises NotFound, and Conflict where there is nothing to restore or the proof fails.
    """
    return restore_all(session, actor, [archive])[0]


def restore_all(session: Session, actor: Actor, archives: Sequence[Archive]) -> list[Ticket]:
    """Bring tickets back together, or none: whatever one of them refuses is raised for all."""
    for archive in archives:
        require(actor, Can.EDIT, archive)
    stubs, opened = _held(session, archives)
    archived_at = {key: stub.archived_at for key, stub in stubs.items()}
    snapshots = {key: open_snapshot(archive) for key, archive in opened.items()}
    expected = without_lost_rules(session, snapshots)
    put_back(session, expected)
    returned = read(session, list(stubs))
    differing = {key: _prove(expected[key], returned[key]) for key in stubs}
    tickets, restored = held(session, Ticket, list(stubs)), _restored(session, opened.values())
    tell(session, changed(tickets, "archived_at", archived_at) + changed(restored, "restored_at", before={}))
    _say(session, [(ticket, opened[key], differing[key]) for key, ticket in tickets.items()])
    return [tickets[archive.ticket_id] for archive in archives if archive.ticket_id]


def _held(session: Session, archives: Sequence[Archive]) -> tuple[dict[int, Ticket], dict[int, Archive]]:
    """Hold stubs and archives, by the ticket's number. Raises Conflict where one is gone or back already."""
    keys = [archive.ticket_id for archive in archives if archive.ticket_id is not None]
    stubs: dict[int, Ticket] = held(session, Ticket, keys)
    if len(stubs) < len(archives):
        raise Conflict(_("The ticket of this archive was deleted."))
    anew = held(session, Archive, [archive.id for archive in archives], undefer(Archive.snapshot))
    back = (one.restored_at is not None for one in anew.values())
    if any(back) or any(stub.archived_at is None for stub in stubs.values()):
        raise Conflict(_("This ticket is restored already."))
    return stubs, {one.ticket_id: one for one in anew.values() if one.ticket_id is not None}


def _restored(session: Session, archives: Iterable[Archive]) -> dict[int, Archive]:
    keys = [archive.id for archive in archives]
    marked = {"restored_at": now(), "version": ARCHIVES.c.version + 1}
    session.connection().execute(update(ARCHIVES).where(ARCHIVES.c.id.in_(keys)).values(marked))
    return held(session, Archive, keys)


def _say(session: Session, done: Sequence[tuple[Ticket, Archive, list[str]]]) -> None:
    emit_all(session, "TICKET_RESTORED", [(ticket, proof_of(archive)) for ticket, archive, _changed in done])
    told = [(ticket, {**proof_of(archive), "changed": names}) for ticket, archive, names in done]
    log_all(session, "RESTORE", told)


def _prove(expected: Snapshot, restored: Snapshot) -> list[str]:
    """Raise Conflict unless all that left is back, byte for byte; return what the stub changed.

    The history may be longer: that the ticket was archived and restored stands in it too.
    """
    was, now_is = expected["ticket"], restored["ticket"]
    different = [name for name, value in was.items() if now_is.get(name) != value]
    returned = {name: _among(restored[name], expected[name]) for name in PARTS}
    stub = {**now_is, **{name: was[name] for name in different}}
    if set(different) & set(LEAVES) or canonical({**returned, "ticket": stub}) != canonical(expected):
        raise Conflict(_("The restored ticket is not equal to what was archived; nothing was changed."))
    return different


def _among(rows: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    identities = {row["id"] for row in wanted}
    return [row for row in rows if row["id"] in identities]
