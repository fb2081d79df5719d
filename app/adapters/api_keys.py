"""API keys: `fd_live_`, 32 random bytes and a checksum, so that a mistyped key costs no database query.

The shape follows GitHub's token format (github.blog, "Behind GitHub's new authentication token formats"):
a fixed prefix that secret scanners find, base 62, and six digits of CRC-32 over what stands before.
"""

from __future__ import annotations

import hmac
import re
import secrets
import string
import zlib

PREFIX = "fd_live_"
BYTES = 32
DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
BODY_LENGTH = 43  # 62^43 > 256^32
CHECK_LENGTH = 6  # 62^6 > 2^32
HINT_LENGTH = len(PREFIX) + 6

_SHAPE = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{BODY_LENGTH + CHECK_LENGTH}}}", re.ASCII)


def new_key() -> str:
    """Return a new key; it is shown once, and stored as `tokens.digest(key)` beside `hint(key)`."""
    body = PREFIX + _base62(int.from_bytes(secrets.token_bytes(BYTES)), BODY_LENGTH)
    return body + _checksum(body)


def is_well_formed(key: str) -> bool:
    """Tell whether the text can be a key at all: its shape and its checksum are right."""
    if not _SHAPE.fullmatch(key):
        return False
    body, check = key[:-CHECK_LENGTH], key[-CHECK_LENGTH:]
    return hmac.compare_digest(_checksum(body), check)


def hint(key: str) -> str:
    """Return the beginning of a key by which people recognise it in a list."""
    return key[:HINT_LENGTH]


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode()), CHECK_LENGTH)


def _base62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(DIGITS))
        digits.append(DIGITS[digit])
    return "".join(reversed(digits))
