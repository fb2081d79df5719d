"""Encryption at rest for secrets the product must read again: webhook secrets, TOTP seeds.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. The key is derived from `DATA_KEY` by HKDF-SHA256
(RFC 5869), so the setting may be any long random text. A sealed text names its key, which makes rotation
possible: `DATA_KEY` may list several, separated by commas; the first seals, all of them open.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SHORTEST_KEY = 32
FORMAT = "v1"
NONCE_BYTES = 12


class VaultError(Exception):
    """A sealed text cannot be opened, or the keys cannot be used. Meant for operators."""


class UnknownKey(VaultError):
    """The text was sealed with a key that `DATA_KEY` does not list; `key_id` names it."""

    def __init__(self, key_id: str) -> None:
        super().__init__(
            f"Sealed with data key {key_id}, which is not in DATA_KEY. Add the former key after a comma."
        )
        self.key_id = key_id


class Damaged(VaultError):
    """The sealed text was changed, cut, or sealed for another purpose."""


class Vault:
    """Seals and opens short texts with the keys of one installation."""

    def __init__(self, data_key: str) -> None:
        """Take the comma-separated keys of `DATA_KEY`; raise VaultError when one is under 32 characters."""
        keys = [key.strip() for key in data_key.split(",")]
        if any(len(key) < SHORTEST_KEY for key in keys):
            raise VaultError(f"Each key in DATA_KEY needs at least {SHORTEST_KEY} characters.")
        self._keys = {_key_id(key): AESGCM(_derive(key)) for key in keys}
        self._current = _key_id(keys[0])

    def seal(self, text: str, purpose: str) -> str:
        """Encrypt a text; `purpose` (as "webhooks.secret") is bound to it and must be given to open it."""
        nonce = os.urandom(NONCE_BYTES)
        head = f"{FORMAT}.{self._current}"
        sealed = self._keys[self._current].encrypt(nonce, text.encode(), _bound(head, purpose))
        return f"{head}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, purpose: str) -> str:
        """Decrypt what `seal` made; raise UnknownKey or Damaged."""
        head, _, body = sealed.rpartition(".")
        version, _, key_id = head.partition(".")
        if version != FORMAT:
            raise Damaged("This is not a sealed text.")
        if key_id not in self._keys:
            raise UnknownKey(key_id)
        return _decrypt(self._keys[key_id], body, _bound(head, purpose))

    def is_current(self, sealed: str) -> bool:
        """Tell whether a text is sealed with the first key; others should be opened and sealed anew."""
        return sealed.startswith(f"{FORMAT}.{self._current}.")


def from_config(config: Mapping[str, Any]) -> Vault:
    """Return the vault for the setting `DATA_KEY`."""
    return Vault(config["DATA_KEY"])


def _decrypt(cipher: AESGCM, body: str, bound: bytes) -> str:
    try:
        raw = base64.b64decode(body, altchars=b"-_", validate=True)
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound).decode()
    except (InvalidTag, ValueError) as error:
        raise Damaged("The sealed text was changed, or sealed for another purpose.") from error


def _bound(head: str, purpose: str) -> bytes:
    return f"{head}.{purpose}".encode()


def _derive(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"frontdesk vault v1").derive(key.encode())


def _key_id(key: str) -> str:
    return hashlib.sha256(b"frontdesk vault id " + key.encode()).hexdigest()[:8]
