"""How texts are compared: one folding, in Python here and in SQL as `frontdesk_fold` (fold_sql.py)."""

from __future__ import annotations

import re
from unicodedata import normalize

SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x20\x85\u1680\u2028\u2029"
"""The white space that is left after NFKC, which makes a plain space of the rest."""
_SPACES = re.compile(f"[{SPACES}]+")


def fold(text: str) -> str:
    """Return `text` as it is compared: compatible forms (NFKC), no case, single spaces, ends stripped.

    Normalised twice, because folding the case can leave letters that compose: Unicode 5.18, D146.
    """
    if not text.isascii():
        return _spaced(normalize("NFKC", normalize("NFKC", text).casefold()))
    return _spaced(text.lower())


def _spaced(text: str) -> str:
    return _SPACES.sub(" ", text).strip(" ")
