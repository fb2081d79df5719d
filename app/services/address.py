"""Mail addresses as keys of people."""

from __future__ import annotations


def normal(email: str) -> str:
    """Return an address as it is kept and looked up: by custom, no mail server minds the case."""
    return email.strip().lower()
