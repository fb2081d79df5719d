"""Signatures of webhooks, checked with the public library of the standard."""

from __future__ import annotations

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from app.adapters.webhook_signature import is_secret, new_secret, sign

ID = "evt_2KWPBgLlAfxdpx2AI54pPJ85f4W"
BODY = b'{"type": "TICKET_CREATED", "data": {"id": 7}}'


def now() -> int:
    return int(time.time())  # the public library compares with the machine's clock


def verify(secret: str, headers: dict[str, str], body: bytes = BODY) -> None:
    Webhook(secret).verify(body, headers, json_parse=False)


def test_the_vector_of_the_standard() -> None:
    headers = sign(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_the_public_library_accepts_any_body(text: str) -> None:
    secret = new_secret()
    verify(secret, sign([secret], ID, now(), text.encode()), text.encode())


def test_during_rotation_either_secret_verifies() -> None:
    new, old = new_secret(), new_secret()
    headers = sign([new, old], ID, now(), BODY)
    verify(new, headers)
    verify(old, headers)
    assert len(headers["webhook-signature"].split(" ")) == 2


def test_every_try_has_its_own_signature() -> None:
    secret = new_secret()
    first, second = sign([secret], ID, now(), BODY), sign([secret], ID, now() - 60, BODY)
    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-signature"] != second["webhook-signature"]
    verify(secret, second)


def test_a_changed_body_is_noticed() -> None:
    secret = new_secret()
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        verify(secret, sign([secret], ID, now(), BODY), BODY + b" ")


def test_another_secret_is_noticed() -> None:
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        verify(new_secret(), sign([new_secret()], ID, now(), BODY))


@pytest.mark.parametrize(("header", "value"), [("webhook-id", "evt_other"), ("webhook-timestamp", None)])
def test_a_changed_id_or_time_is_noticed(header: str, value: str | None) -> None:
    secret = new_secret()
    headers = sign([secret], ID, now(), BODY)
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        verify(secret, headers | {header: value or str(now() - 1)})


@pytest.mark.parametrize(("seconds", "complaint"), [(-301, "too old"), (302, "too new")])
def test_a_replayed_try_is_refused(seconds: int, complaint: str) -> None:
    secret = new_secret()
    with pytest.raises(WebhookVerificationError, match=complaint):
        verify(secret, sign([secret], ID, now() + seconds, BODY))


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_no_header_may_be_missing(header: str) -> None:
    secret = new_secret()
    headers = sign([secret], ID, now(), BODY)
    del headers[header]
    with pytest.raises(WebhookVerificationError, match="Missing required headers"):
        verify(secret, headers)


@pytest.mark.parametrize("message_id", ["", "a.b", "a b", "a\n", "é", "x" * 256])
def test_an_id_that_would_blur_the_signed_parts_is_refused(message_id: str) -> None:
    with pytest.raises(ValueError, match="webhook id"):
        sign([new_secret()], message_id, now(), BODY)


def test_no_secret_is_no_signature() -> None:
    with pytest.raises(ValueError, match="needs a secret"):
        sign([], ID, now(), BODY)


def _secret(size: int) -> str:
    return "whsec_" + base64.b64encode(b"k" * size).decode()


@pytest.mark.parametrize(
    ("secret", "usable"),
    [
        (_secret(24), True),
        (_secret(64), True),
        (_secret(23), False),
        (_secret(65), False),
        (_secret(24).removeprefix("whsec_"), False),
        ("whsec_", False),
        ("whsec_not base 64!", False),
        ("whsec_éé", False),
    ],
)
def test_which_secrets_are_usable(secret: str, usable: bool) -> None:
    assert is_secret(secret) is usable
    if not usable:
        with pytest.raises(ValueError, match="webhook secret"):
            sign([secret], ID, now(), BODY)


def test_new_secrets_have_32_bytes_and_differ() -> None:
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert {len(base64.b64decode(secret[6:])) for secret in made} == {32}
