"""Into the archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Conflict, NotFound
from app.core.i18n import _
from app.models.archives import Archive
from app.models.tickets import Ticket
from app.record import emit_all, flush, log_all, tell
from app.services.archives.canonical import canonical
from app.services.archives.holding import changed, held
from app.services.archives.proof import FORMAT, digest, pack, proof_of, verify
from app.services.archives.snapshot import Snapshot, counts, read, take_away
from app.services.tickets.live import refuse_archived


def take(session: Session, actor: Actor, ticket: Ticket, reason: str) -> Archive:
    """Take an ended ticket to the archive: its texts, messages, history and decisions leave, a stub stays.

    Raises NotFound, and Conflict where it is somebody's work still or lies in the archive already.
    """
    return take_all(session, actor, [ticket], reason)[0]


def take_all(session: Session, actor: Actor, tickets: Sequence[Ticket], reason: str) -> list[Archive]:
    """Take tickets to the archive together, or none: whatever one of them refuses is raised for all."""
    for ticket in tickets:
        require(actor, Can.EDIT, ticket)
    keys = [ticket.id for ticket in tickets]
    _refuse_unended(keys, held(session, Ticket, keys))
    snapshots, moment = read(session, keys), now()
    archives = [_archive(key, snapshots[key], reason, moment) for key in keys]
    session.add_all(archives)
    flush(session)
    take_away(session, keys, moment)
    stubs = held(session, Ticket, keys)
    tell(session, changed(stubs, "archived_at", before={}))
    _say(session, reason, [(stubs[key], archive) for key, archive in zip(keys, archives, strict=True)])
    return archives


def _refuse_unended(keys: Iterable[int], tickets: dict[int, Ticket]) -> None:
    for key in keys:
        if key not in tickets:
            raise NotFound
        refuse_archived(tickets[key])
        if tickets[key].is_active:
            raise Conflict(_("Only a resolved or closed ticket can be archived."))


def _archive(key: int, snapshot: Snapshot, reason: str, moment: dt.datetime) -> Archive:
    content = canonical(snapshot)
    packed = pack(content)
    archive = Archive(
        ticket_id=key,
        archived_data={"ticket": snapshot["ticket"], "manifest": {**counts(snapshot), "bytes": len(content)}},
        archived_at=moment,
        reason=reason,
        snapshot=packed,
        sha256=digest(content),
        format_version=FORMAT,
        size=len(packed),
    )
    if not verify(archive):
        raise RuntimeError(f"The snapshot of ticket {key} does not give back what went in.")
    return archive


def _say(session: Session, reason: str, done: Sequence[tuple[Ticket, Archive]]) -> None:
    emit_all(session, "TICKET_ARCHIVED", [(ticket, proof_of(archive)) for ticket, archive in done])
    told = [(ticket, {**proof_of(archive), "reason": reason}) for ticket, archive in done]
    log_all(session, "ARCHIVE", told)
