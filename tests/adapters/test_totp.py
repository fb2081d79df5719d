"""One-time codes by the letter of RFC 6238, and recovery codes as people type them."""

from __future__ import annotations

import datetime as dt

import pytest

from app.adapters import totp
from app.core import clock

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # the RFC's "12345678901234567890" in base32


@pytest.mark.parametrize(
    ("second", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_codes_of_the_rfc(second: int, code: str) -> None:
    with clock.frozen(dt.datetime.fromtimestamp(second, dt.UTC)):
        assert totp.step_of(SECRET, code) == second // 30


@pytest.mark.parametrize(
    ("late", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (59, True), (60, False)]
)
def test_a_clock_may_differ_by_one_step(late: int, taken: bool) -> None:
    with clock.frozen(dt.datetime.fromtimestamp(1111111110 + late, dt.UTC)):
        assert (totp.step_of(SECRET, "050471") is not None) is taken


@pytest.mark.parametrize("code", ["", "0", "05047", "0504711", "abcdef", "０５０４７１"])
def test_nothing_else_is_a_code(code: str) -> None:
    with clock.frozen(dt.datetime.fromtimestamp(1111111110, dt.UTC)):
        assert totp.step_of(SECRET, totp.plain(code)) is None


def test_codes_are_read_as_they_were_meant() -> None:
    assert totp.plain(" 050 471\n") == "050471"
    assert totp.plain("abcd-efgh ijkl–mnop") == "ABCDEFGHIJKLMNOP"


def test_secrets_and_recovery_codes_are_long_and_never_the_same() -> None:
    assert len({totp.new_secret() for _ in range(50)}) == 50
    assert len(totp.new_secret()) == 32
    codes = {totp.new_recovery_code() for _ in range(50)}
    assert len(codes) == 50
    assert {len(totp.plain(code)) for code in codes} == {16}


def test_the_address_and_picture_say_whose_it_is() -> None:
    address = totp.address(SECRET, "ada@desk.example", "Frontdesk")
    assert address.startswith("otpauth://totp/Frontdesk:ada%40desk.example?secret=" + SECRET)
    assert totp.picture(address).startswith("data:image/svg+xml")
