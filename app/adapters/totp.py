"""One-time codes of authenticator apps (RFC 6238: SHA-1, six digits, thirty seconds) and recovery codes."""

from __future__ import annotations

import base64
import hmac
import secrets

import pyotp

from app.core.clock import now

SECONDS = 30
DRIFT = (0, -1, 1)
"""Steps beside the present one whose codes are taken, for clocks that differ."""
RECOVERY_BYTES = 10
"""Randomness of a recovery code: 80 bits, so that a plain digest at rest needs no salt and no cost."""


def new_secret() -> str:
    """Return a new secret of 160 bits as 32 base32 characters, the way people type it."""
    return pyotp.random_base32()


def step_of(secret: str, code: str) -> int | None:
    """Return the time step whose code this is, None if it is not a code of now."""
    present = int(now().timestamp()) // SECONDS
    made = pyotp.TOTP(secret)
    steps = (present + drift for drift in DRIFT)
    return next((step for step in steps if hmac.compare_digest(made.generate_otp(step), code)), None)


def address(secret: str, account: str, issuer: str) -> str:
    """Return the `otpauth://` address that an app reads from a QR code."""
    return pyotp.TOTP(secret, name=account, issuer=issuer).provisioning_uri()


def picture(text: str) -> str:
    """Return the QR code of a text as a `data:` address: SVG, dark on white whatever the theme."""
    import segno  # needed seldom, and not small

    return segno.make(text, error="m").svg_data_uri(scale=4, border=4, dark="#000", light="#fff")


def new_recovery_code() -> str:
    """Return a new recovery code: sixteen base32 characters in groups of four."""
    text = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode()
    return "-".join(text[place : place + 4] for place in range(0, len(text), 4))


def plain(code: str) -> str:
    """Return a code as it was meant: without spaces and dashes, in capitals."""
    return "".join(letter for letter in code if letter.isascii() and letter.isalnum()).upper()
