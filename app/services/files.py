"""Files of people: kept for some days under random names, read by whom they belong to, then forgotten."""

from __future__ import annotations

import datetime as dt
from typing import IO

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access import Actor, owned_by, require
from app.adapters.storage import Storage
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import NotFound
from app.models.files import File
from app.record import flush

KEPT_FOR = dt.timedelta(days=7)
"""How long an export can be fetched, and an upload imported."""

UNCLAIMED = dt.timedelta(days=1)
"""After that, bytes that no row speaks of are what a cut-off transaction left."""

FILES = File.__table__


def keep(
    session: Session, storage: Storage, owner: Actor, content: IO[bytes], *, name: str, media_type: str
) -> File:
    """Keep `content` from its beginning for `owner`; it can be fetched after the commit."""
    content.seek(0)
    key = storage.put(content)
    file = File(
        name=name[-200:],
        media_type=media_type,
        size=content.tell(),
        storage_key=key,
        **owned_by(owner),
        expires_at=now() + KEPT_FOR,
    )
    session.add(file)
    flush(session)
    return file


def find(session: Session, actor: Actor, number: int) -> File:
    """Return the file of `number` while it is kept. Raises NotFound."""
    file = session.get(File, number)
    if file is None or file.expires_at <= now():
        raise NotFound
    require(actor, Can.READ, file)
    return file


def read(session: Session, storage: Storage, actor: Actor, number: int) -> tuple[File, IO[bytes]]:
    """Return a file and its content. Raises NotFound."""
    file = find(session, actor, number)
    try:
        return file, storage.open(file.storage_key)
    except FileNotFoundError as gone:
        raise NotFound from gone


def purge(session: Session, storage: Storage) -> int:
    """Forget expired files and unclaimed bytes; return how many files there were."""
    connection = session.connection()
    old = delete(FILES).where(FILES.c.expires_at <= now()).returning(FILES.c.storage_key)
    gone = list(connection.scalars(old))
    known = set(connection.scalars(select(FILES.c.storage_key)))
    unclaimed = [key for key in storage.keys(before=now() - UNCLAIMED) if key not in known]
    for key in {*gone, *unclaimed}:
        storage.delete(key)
    return len(gone)
