"""Mail addresses as keys of people."""

from __future__ import annotations

LONGEST = 400
"""Characters kept to be judged: more than any address has, less than a flood."""


def normal(email: str) -> str:
    """Return an address as it is kept and looked up: by custom, no mail server minds the case.

    What no table can be asked for (NUL, a lone surrogate) is dropped or replaced: it is merely unknown.
    """
    known = email[:LONGEST].replace("\0", "").encode("utf-8", "replace").decode()
    return known.strip().lower()
