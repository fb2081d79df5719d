"""Signatures of outgoing webhooks: Standard Webhooks 1.0 (standardwebhooks.com), symmetric scheme `v1`."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets as random
from collections.abc import Iterable

PREFIX = "whsec_"
SECRET_BYTES = 32
LEAST_BYTES, MOST_BYTES = 24, 64

# The full stop separates the signed parts, so it may not occur in an id.
_ID = re.compile(r"[A-Za-z0-9_-]{1,255}", re.ASCII)


def new_secret() -> str:
    """Return a new signing secret: `whsec_` and 32 random bytes in base 64."""
    return PREFIX + base64.b64encode(random.token_bytes(SECRET_BYTES)).decode()


def is_secret(text: str) -> bool:
    """Tell whether a text is a usable signing secret: `whsec_` and 24 to 64 bytes in base 64."""
    try:
        return bool(_key(text))
    except ValueError:
        return False


def sign(secrets: Iterable[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the three headers for one try.

    `timestamp` is the moment of this try in Unix seconds; `message_id` is the same at every try. Two secrets,
    the new one first, give two signatures: receivers that know either accept it. Raise ValueError for
    a malformed secret or id, and when there is no secret.
    """
    if not _ID.fullmatch(message_id):
        raise ValueError("A webhook id has 1 to 255 of the characters A-Z, a-z, 0-9, _ and -.")
    signed = b"%b.%d.%b" % (message_id.encode(), timestamp, body)
    signatures = [_signature(secret, signed) for secret in secrets]
    if not signatures:
        raise ValueError("A signed webhook needs a secret.")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def _signature(secret: str, signed: bytes) -> str:
    mac = hmac.digest(_key(secret), signed, hashlib.sha256)
    return "v1," + base64.b64encode(mac).decode()


def _key(secret: str) -> bytes:
    if not secret.startswith(PREFIX):
        raise ValueError("A webhook secret starts with whsec_.")
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("A webhook secret is written in base 64.") from error
    if not LEAST_BYTES <= len(key) <= MOST_BYTES:
        raise ValueError(f"A webhook secret has {LEAST_BYTES} to {MOST_BYTES} bytes.")
    return key
