"""Calls out: what is refused, what is sent, and how hostile receivers are cut off."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from app.adapters.http import Limits, Outbound, Refused, Unreachable, from_config
from app.adapters.http.lookup import Resolver
from tests.adapters.http.receiver import answer, receiving

OK = answer(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Note: hi\r\n\r\ndone")
OPEN = Outbound(allow_private=True)
QUICK = Outbound(allow_private=True, limits=Limits(lookup=0.3, connect=0.3, whole=0.6))


def finding(*addresses: str) -> Resolver:
    return lambda _host: list(addresses)


def test_a_post_arrives_as_sent() -> None:
    with receiving(OK) as receiver:
        found = OPEN.post(
            receiver.url, b'{"a": 1}', {"content-type": "application/json", "webhook-id": "evt_1"}
        )
        request, head = receiver.requests[0], receiver.head
    assert request.startswith(b"POST /hook?a=1 HTTP/1.1\r\n")
    assert request.endswith(b'\r\n\r\n{"a": 1}')
    assert head["host"] == f"127.0.0.1:{receiver.port}"
    assert head["webhook-id"] == "evt_1"
    assert head["content-length"] == "8"
    assert (found.status, found.is_success, found.body, found.is_cut) == (200, True, "done", False)
    assert found.headers["x-note"] == "hi"
    assert 0 <= found.milliseconds < 5000


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(status: int) -> None:
    with receiving(OK) as other:
        moved = f"HTTP/1.1 {status} Moved\r\nLocation: {other.url}\r\nContent-Length: 0\r\n\r\n"
        with receiving(answer(moved.encode())) as receiver:
            found = OPEN.post(receiver.url, b"x", {})
    assert (found.status, found.is_success) == (status, False)
    assert other.requests == []


@pytest.mark.parametrize("status", [400, 410, 429, 500, 503])
def test_an_error_is_an_answer_with_its_headers(status: int) -> None:
    text = f"HTTP/1.1 {status} No\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n"
    with receiving(answer(text.encode())) as receiver:
        found = OPEN.post(receiver.url, b"x", {})
    assert (found.status, found.is_success, found.headers["retry-after"]) == (status, False, "120")


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving(OK) as proxy, receiving(OK) as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        OPEN.post(receiver.url, b"x", {})
    assert (len(proxy.requests), len(receiver.requests)) == (0, 1)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:8000/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://169.254.169.254/latest/meta-data/",
    ],
)
def test_private_addresses_are_refused_in_every_spelling(url: str) -> None:
    guarded = from_config({"WEBHOOK_ALLOW_PRIVATE": False})
    for call in (lambda: guarded.check(url), lambda: guarded.post(url, b"x", {})):
        with pytest.raises(Refused) as caught:
            call()
        assert caught.value.code == "not_public"


def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    guarded = Outbound(resolver=finding("93.184.216.34", "10.0.0.1"))
    with pytest.raises(Refused):
        guarded.check("https://a.example/")


def test_a_name_with_public_addresses_passes() -> None:
    Outbound(resolver=finding("93.184.216.34", "2606:4700::1")).check("https://a.example/")


def test_a_name_that_turned_private_after_the_check_is_refused_at_the_try() -> None:
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    guarded = Outbound(resolver=lambda _host: next(answers))
    guarded.check("http://a.example/")
    with pytest.raises(Refused):
        guarded.post("http://a.example/", b"x", {})


def test_a_name_is_looked_up_once_a_try_and_connected_to_as_found() -> None:
    asked = []

    def resolver(host: str) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with receiving(OK) as receiver:
        Outbound(allow_private=True, resolver=resolver).post(f"http://a.example:{receiver.port}/", b"x", {})
    assert asked == ["a.example"]
    assert receiver.head["host"] == f"a.example:{receiver.port}"


def test_an_ipv6_address_is_named_in_brackets() -> None:
    with receiving(OK) as receiver:
        elsewhere = Outbound(allow_private=True, resolver=finding("127.0.0.1"))
        elsewhere.post(f"http://[2606:4700::1]:{receiver.port}/", b"x", {})
    assert receiver.head["host"] == f"[2606:4700::1]:{receiver.port}"


@pytest.mark.parametrize(
    ("port", "passes"),
    [(80, True), (443, True), (8000, True), (8999, True), (25, False), (6379, False), (9000, False)],
)
def test_which_ports_are_called(port: int, passes: bool) -> None:
    guarded = Outbound(resolver=finding("93.184.216.34"))
    if passes:
        guarded.check(f"http://a.example:{port}/")
    else:
        with pytest.raises(Refused) as caught:
            guarded.check(f"http://a.example:{port}/")
        assert caught.value.code == "port"


def test_with_private_addresses_allowed_a_check_needs_no_network() -> None:
    Outbound(allow_private=True, resolver=finding()).check("http://a.example:5001/")


def test_the_second_address_is_tried_when_the_first_does_not_accept() -> None:
    with receiving(OK) as receiver:
        both = Outbound(allow_private=True, resolver=finding("127.0.0.2", "127.0.0.1"))
        assert both.post(f"http://a.example:{receiver.port}/", b"x", {}).status == 200


def failure(outbound: Outbound, url: str, body: bytes = b"x") -> str:
    """Return the code of the failure, having seen that it came in time."""
    started = time.monotonic()
    with pytest.raises(Unreachable) as caught:
        outbound.post(url, body, {})
    assert time.monotonic() - started < 10
    return caught.value.code


def test_an_unknown_name() -> None:
    def resolver(host: str) -> list[str]:
        raise socket.gaierror(f"no {host}")

    assert failure(Outbound(resolver=resolver), "http://a.example/") == "unknown_host"
    assert failure(Outbound(resolver=finding()), "http://a.example/") == "unknown_host"
    assert failure(Outbound(), f"http://{'a' * 64}.example/") == "unknown_host"


def test_a_slow_lookup_is_given_up() -> None:
    release = threading.Event()

    def resolver(_host: str) -> list[str]:
        release.wait(10)
        return ["127.0.0.1"]

    slow = Outbound(allow_private=True, limits=QUICK.limits, resolver=resolver)
    assert failure(slow, "http://a.example/") == "resolve_timeout"
    release.set()


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert failure(QUICK, f"http://127.0.0.1:{port}/") == "connect_failed"


def test_a_full_backlog_times_out() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        port = server.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for sock in waiting:
            sock.settimeout(0)
            sock.connect_ex(("127.0.0.1", port))
        assert failure(QUICK, f"http://127.0.0.1:{port}/") == "connect_timeout"
        for sock in waiting:
            sock.close()


def test_a_silent_receiver_times_out() -> None:
    with receiving(lambda _sock: time.sleep(1)) as receiver:
        assert failure(QUICK, receiver.url) == "timeout"


@pytest.mark.parametrize(
    "beginning", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"]
)
def test_a_dripping_receiver_times_out(beginning: bytes) -> None:
    def drip(sock: socket.socket) -> None:
        sock.sendall(beginning)
        for _ in range(40):
            sock.sendall(b"H")
            time.sleep(0.05)

    with receiving(drip) as receiver:
        assert failure(QUICK, receiver.url) == "timeout"


def test_a_receiver_that_reads_nothing_times_out() -> None:
    with receiving(lambda _sock: time.sleep(1), hear=False) as receiver:
        assert failure(QUICK, receiver.url, body=b"x" * 20_000_000) == "timeout"


def test_an_endless_stream_of_interim_answers_is_cut() -> None:
    def interim(sock: socket.socket) -> None:
        while True:
            sock.sendall(b"HTTP/1.1 102 Processing\r\n\r\n" * 1000)

    with receiving(interim) as receiver:
        assert failure(QUICK, receiver.url) == "disconnected"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_not_whole_http_is_a_failure(text: bytes) -> None:
    with receiving(answer(text)) as receiver:
        assert failure(QUICK, receiver.url) == "disconnected"


def test_a_huge_body_is_cut_and_the_status_counts() -> None:
    sent = 0

    def endless(sock: socket.socket) -> None:
        nonlocal sent
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            sent += sock.send(b"a" * 65536)

    with receiving(endless) as receiver:
        found = OPEN.post(receiver.url, b"x", {})
    assert (found.status, len(found.body), found.is_cut) == (200, 20 * 1024, True)
    assert sent < 20_000_000


def test_a_body_is_kept_as_text_a_database_can_hold() -> None:
    with receiving(answer(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\na\0\xff\xc3")) as receiver:
        assert OPEN.post(receiver.url, b"x", {}).body == "a\ufffd\ufffd\ufffd"


def test_one_way_out_serves_many_threads() -> None:
    found: list[str] = []

    def call(number: int, url: str) -> None:
        found.append(OPEN.post(url, str(number).encode(), {}).body)

    with receiving(OK) as receiver:
        threads = [threading.Thread(target=call, args=(number, receiver.url)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == ["done"] * 20
    assert sorted(int(request.rpartition(b"\n")[2]) for request in receiver.requests) == list(range(20))
