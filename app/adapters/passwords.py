"""Passwords: argon2id hashes, equal time for unknown people, and the one rule for new ones.

Cost: 19 MiB, 2 passes, 1 lane, the least OWASP's Password Storage Cheat Sheet accepts for argon2id.
Rule: NIST SP 800-63B, section 5.1.1.2: a length and a list of common passwords, no composition rules.
"""

from __future__ import annotations

import gzip
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.core.i18n import Text, _

SHORTEST = 8
LONGEST = 256
READ = 4 * LONGEST
"""Characters that are looked at: one letter may be typed as several, and anything longer is no password."""

_hasher = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)

# Made once with the same parameters from a password nobody keeps: checking it costs what a real check costs.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$cN8qQdqTweeCFjsQQbRzWQ$QVvDMFMwLoaRViuXWP8woTv0/vdRSzo8Dwk0Ww3wHlA"


@dataclass(frozen=True, slots=True)
class Weakness:
    """Why a new password is refused: a stable code and a message with the remedy."""

    code: str
    message: Text


TOO_SHORT = Weakness("too_short", _("Use at least %(count)s characters.", count=SHORTEST))
TOO_LONG = Weakness("too_long", _("Use at most %(count)s characters.", count=LONGEST))
TOO_COMMON = Weakness("too_common", _("This password is among the most common ones. Choose another."))
TOO_PERSONAL = Weakness("too_personal", _("A name or address is too easy to guess. Choose another."))


def hash_password(password: str) -> str:
    """Return the encoded argon2id hash of a password, with its salt and parameters inside."""
    return _hasher.hash(_bytes(password))


def verify_password(hashed: str | None, password: str) -> bool:
    """Tell whether the password belongs to the hash; no hash, or a broken one, costs the same time."""
    if len(password) > READ:
        return verify_password(None, "")
    try:
        _hasher.verify(hashed or _NOBODY, _bytes(password))
    except InvalidHashError:
        return verify_password(None, password)
    except VerificationError:
        return False
    return bool(hashed)


def needs_rehash(hashed: str) -> bool:
    """Tell whether a hash was made with other parameters than today's; rehash at the next sign-in."""
    return _hasher.check_needs_rehash(hashed)


def weakness(password: str, personal: Iterable[str] = ()) -> Weakness | None:
    """Return why a new password is refused, or None; `personal` are the person's own name and address."""
    plain = _normal(password[: READ + 1])
    if len(plain) < SHORTEST:
        return TOO_SHORT
    if len(plain) > LONGEST or len(password) > READ:
        return TOO_LONG
    folded = plain.casefold()
    if folded in _common():
        return TOO_COMMON
    return TOO_PERSONAL if folded in _guesses(personal) else None


def _guesses(personal: Iterable[str]) -> set[str]:
    words = [_normal(word).casefold() for word in personal]
    return {*words, *(word.replace(" ", "") for word in words), *(word.partition("@")[0] for word in words)}


def _normal(text: str) -> str:
    # The same letter typed on two keyboards may arrive composed or decomposed.
    return unicodedata.normalize("NFKC", text)


def _bytes(password: str) -> bytes:
    # A lone surrogate, which JSON can carry, is a wrong password and not a crash.
    return _normal(password).encode("utf-8", "surrogatepass")


@cache
def _common() -> frozenset[str]:
    packed = files("app.adapters").joinpath("data/common_passwords.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().split("\n"))
