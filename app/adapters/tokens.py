"""Random secrets for links, sessions and cookies: shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

BYTES = 32
"""Randomness of one token: 256 bits, so that a plain SHA-256 at rest needs no salt and no cost."""

_SHOWN = re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])", re.ASCII)


def new_token() -> str:
    """Return a new random token of 43 characters that are safe in an address."""
    return secrets.token_urlsafe(BYTES)


def without_tokens(text: str) -> str:
    """Return a text with dots in the place of what could be a token."""
    return _SHOWN.sub("…", text)


def digest(token: str) -> str:
    """Return the SHA-256 of a token as 64 hex digits: what is stored and looked up."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def matches(token: str, stored_digest: str) -> bool:
    """Tell in constant time whether a token belongs to a stored digest."""
    return hmac.compare_digest(digest(token), stored_digest)
