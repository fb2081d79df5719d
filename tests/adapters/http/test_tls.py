"""Encrypted calls: the certificate must belong to the name, although the address is pinned."""

from __future__ import annotations

import ssl
import time
from pathlib import Path

import pytest

from app.adapters.http import Limits, Outbound, Unreachable
from tests.adapters.authority import Authority
from tests.adapters.http.receiver import answer, receiving

NAME = "hooks.example"
OK = answer(b"HTTP/1.1 204 No Content\r\n\r\n")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def calling(tls: ssl.SSLContext | None = None) -> Outbound:
    limits = Limits(connect=0.5, whole=1)
    return Outbound(allow_private=True, resolver=lambda _host: ["127.0.0.1"], tls=tls, limits=limits)


def failure(outbound: Outbound, port: int) -> Unreachable:
    with pytest.raises(Unreachable) as caught:
        outbound.post(f"https://{NAME}:{port}/", b"x", {})
    return caught.value


def test_name_and_host_are_the_ones_asked_for(authority: Authority) -> None:
    context = authority.serve(NAME)
    seen: list[str | None] = []
    context.sni_callback = lambda _sock, name, _context: seen.append(name)
    with receiving(OK, tls=context) as receiver:
        found = calling(authority.trust).post(f"https://{NAME}:{receiver.port}/", b"x", {})
    assert found.status == 204
    assert seen == [NAME]
    assert receiver.head["host"] == f"{NAME}:{receiver.port}"


@pytest.mark.parametrize(("name", "days"), [("other.example", 1), (NAME, -1)])
def test_a_certificate_for_another_name_or_past_its_end_is_refused(
    authority: Authority, name: str, days: int
) -> None:
    with receiving(OK, tls=authority.serve(name, days)) as receiver:
        error = failure(calling(authority.trust), receiver.port)
    assert error.code == "tls"
    assert "certificate verify failed" in error.detail
    assert receiver.requests == []


def test_an_authority_nobody_knows_is_refused(authority: Authority) -> None:
    with receiving(OK, tls=authority.serve(NAME)) as receiver:
        error = failure(calling(), receiver.port)
    assert error.code == "tls"


def test_a_receiver_without_tls_is_refused() -> None:
    with receiving(answer(b"HTTP/1.1 400 Plain\r\n\r\n"), hear=False) as receiver:
        error = failure(calling(), receiver.port)
    assert error.code in {"tls", "disconnected"}


def test_a_handshake_that_never_ends_times_out() -> None:
    with receiving(lambda _sock: time.sleep(1), hear=False) as receiver:
        error = failure(calling(), receiver.port)
    assert error.code == "connect_timeout"
