"""What is kept of a password, the same for employees and customers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, update
from sqlalchemy.orm import Session

from app.adapters import passwords
from app.core.errors import Invalid


def hash_new(password: str, *personal: str) -> str:
    """Return the hash of a new password; `personal` are the person's name and address.

    Raises Invalid for `password` if it is too short, too long, too common or too personal.
    """
    weakness = passwords.weakness(password, personal)
    if weakness:
        raise Invalid.one("password", weakness.code, weakness.message)
    return passwords.hash_password(password)


def keep_modern(session: Session, person: Any, column: Column[Any], password: str) -> None:
    """Hash a password anew that was just proved, where the hash in `column` was made at another cost.

    Below the write path, for nothing changes that anybody manages. One changed meanwhile is left alone.
    """
    hashed = getattr(person, column.name)
    if passwords.needs_rehash(hashed):
        same = (column.table.c.id == person.id, column == hashed)
        anew = {column.name: passwords.hash_password(password)}
        session.connection().execute(update(column.table).where(*same).values(anew))
