"""The keys that seal the audit log: HMAC-SHA-256 under keys derived from `AUDIT_KEY`.

Each is derived by HKDF-SHA256 (RFC 5869), so the setting may be any long random text. `AUDIT_KEY` may list
several, separated by commas: the first seals, all of them verify.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class UnknownKey(Exception):
    """Something was sealed with a key that `AUDIT_KEY` does not list; the message names it."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"sealed with the key {key_id}, which is not in AUDIT_KEY: add it after a comma")


class Keys:
    """The keys of one installation, by their short names."""

    def __init__(self, audit_key: str) -> None:
        keys = [key.strip() for key in audit_key.split(",") if key.strip()]
        self._keys = {_key_id(key): _derive(key) for key in keys}
        self.current = _key_id(keys[0])

    def mac(self, message: bytes, key_id: str) -> str:
        """Return the seal of `message` under a key, 64 hex digits. Raises UnknownKey."""
        if key_id not in self._keys:
            raise UnknownKey(key_id)
        return hmac.digest(self._keys[key_id], message, "sha256").hex()


def from_config(config: Mapping[str, Any]) -> Keys:
    """Return the keys of the setting `AUDIT_KEY`."""
    return Keys(config["AUDIT_KEY"])


def _derive(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"frontdesk audit v1").derive(key.encode())


def _key_id(key: str) -> str:
    return hashlib.sha256(b"frontdesk audit id " + key.encode()).hexdigest()[:8]
