"""One try to tell a receiver of an event: what is sent, how it is signed, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from flask import current_app

from app.adapters import http, vault, webhook_signature
from app.core.clock import now
from app.models.effects import State
from app.models.webhooks import Event

SEALED = "webhooks.secret"
"""What a sealed secret is bound to, so that it cannot be opened as anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a receiver is told: the same bytes at every try, since an event never changes."""

    event_id: int
    event_type: str
    happened_at: dt.datetime
    payload: dict[str, Any]

    @property
    def body(self) -> bytes:
        """Return the bytes that are sent."""
        return orjson.dumps(self.content, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)

    @property
    def content(self) -> dict[str, Any]:
        """Return what the bytes say."""
        return {
            "type": self.event_type,
            "timestamp": self.happened_at,
            "sequence": self.event_id,
            "data": self.payload,
        }

    def headers(self, secrets: Sequence[str]) -> dict[str, str]:
        """Return the headers of a try made now, with a signature by each of `secrets`."""
        identity, timestamp = f"evt_{self.event_id}", int(now().timestamp())
        if not secrets:
            signed = {"webhook-id": identity, "webhook-timestamp": str(timestamp)}
        else:
            signed = webhook_signature.sign(secrets, identity, timestamp, self.body)
        return {"content-type": "application/json", **signed}


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a try: an answer, or why there is none; and the headers that were sent."""

    answer: http.Answer | None = None
    error: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_success(self) -> bool:
        """Whether the receiver took it."""
        return self.answer is not None and self.answer.is_success

    def columns(self) -> dict[str, Any]:
        """Return what a delivery keeps of it."""
        kept: dict[str, Any] = {
            "state": State.DONE if self.is_success else State.FAILED,
            "done_at": now(),
            "request_headers": self.headers or None,
            "error": self.error,
        }
        if self.answer is not None:
            kept |= {
                "response_code": self.answer.status,
                "response_excerpt": self.answer.body,
                "duration_ms": self.answer.milliseconds,
            }
        return kept


def message_of(event: Event) -> Message:
    """Return what a receiver is told of `event`."""
    return Message(
        event_id=event.id,
        event_type=event.event_type,
        happened_at=event.created_at,
        payload=event.payload,
    )


def send(url: str, message: Message, secrets: Sequence[str]) -> Result:
    """Post `message` once, guarded as every call out; nothing is written here."""
    headers = message.headers(secrets)
    try:
        return Result(http.from_config(current_app.config).post(url, message.body, headers), headers=headers)
    except (http.Refused, http.Unreachable) as error:
        return Result(error=f"{error.code}: {error.message}", headers=headers)


def secrets_of(webhook: Any) -> list[str]:
    """Return the secrets that sign for `webhook` (or a row with its columns), the present one first.

    For a while after a change the former one signs too. Raises VaultError when one of them stays shut.
    """
    sealed = [webhook.secret]
    if webhook.previous_until is not None and webhook.previous_until > now():
        sealed.append(webhook.previous_secret)
    return [unseal(secret) for secret in sealed if secret is not None]


def seal(secret: str | None) -> str | None:
    """Return a secret as it is kept."""
    return None if secret is None else vault.from_config(current_app.config).seal(secret, SEALED)


def unseal(sealed: str) -> str:
    """Return a kept secret in clear, to sign with. Raises VaultError when DATA_KEY does not fit."""
    return vault.from_config(current_app.config).open(sealed, SEALED)
