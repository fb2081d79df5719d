"""Files of people: kept for some days under random names, read by whom they belong to, then forgotten."""

from __future__ import annotations

import datetime as dt
import re
from os import SEEK_END
from typing import IO

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access import Actor, owned_by, require
from app.adapters.storage import Storage
from app.core.clock import now
from app.core.declare import Can
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.fields import settings_of
from app.models.files import File
from app.record import flush

KEPT_FOR = dt.timedelta(days=7)
"""How long an export can be fetched, and an upload imported."""

UNCLAIMED = dt.timedelta(days=1)
"""After that, bytes that no row speaks of are what a cut-off transaction left."""

PICTURES = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}
"""Pictures that browsers draw and that hold no program, and how each begins."""
LARGEST_PICTURE = 512 * 1024

FOR_GOOD = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)
MEGABYTE = 1024 * 1024

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


def taken(session: Session, content: IO[bytes]) -> None:
    """Raise Invalid if an upload is larger than the settings allow."""
    size, most = content.seek(0, SEEK_END), settings_of(session).upload_mb
    content.seek(0)
    if size > most * MEGABYTE:
        raise Invalid.one("file", "too_large", _("Files of %(most)s MB at most are taken.", most=most))


def picture_type(content: IO[bytes], place: str) -> str:
    """Return the media type of a picture, by what it holds. Raises Invalid at `place`."""
    size, start = content.seek(0, SEEK_END), content.seek(0)
    begins = content.read(16)
    content.seek(start)
    found = next((kind for kind, form in PICTURES.items() if form.match(begins)), None)
    if found is None or size > LARGEST_PICTURE:
        raise Invalid.one(place, "not_possible", _("Choose a PNG, JPEG or WebP of 512 KB at most."))
    return found


def keep_for_good(session: Session, file: File) -> None:
    """Let a file stay until it is forgotten."""
    file.expires_at = FOR_GOOD
    flush(session)


def forget(session: Session, number: int) -> None:
    """Let a file go with the next purge."""
    file = session.get(File, number)
    if file is not None:
        file.expires_at = now()
        flush(session)


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
