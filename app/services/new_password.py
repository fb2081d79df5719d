"""The way from a new password to what is kept of it, the same for employees and customers."""

from __future__ import annotations

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
