"""Addresses taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.http.errors import Refused
from app.adapters.http.target import Target, parse


@pytest.mark.parametrize(
    ("url", "target", "host_header"),
    [
        ("https://a.example", Target("https", "a.example", 443, "/"), "a.example"),
        ("HTTPS://A.Example:443/Hook?x=1#y", Target("https", "a.example", 443, "/Hook?x=1"), "a.example"),
        ("http://a.example.:8080/", Target("http", "a.example", 8080, "/"), "a.example:8080"),
        ("http://[2606:4700::1]:81/", Target("http", "2606:4700::1", 81, "/"), "[2606:4700::1]:81"),
        ("http://a_b.example?q", Target("http", "a_b.example", 80, "/?q"), "a_b.example"),
    ],
)
def test_an_address_in_parts(url: str, target: Target, host_header: str) -> None:
    assert parse(url) == target
    assert parse(url).host_header == host_header


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "malformed"),
        ("https://", "malformed"),
        ("https:///path", "malformed"),
        ("https://a b.example", "malformed"),
        ("https://a.example/\r\nx: y", "malformed"),
        ("https://a.example\\@b.example", "malformed"),
        ("https://bücher.example", "malformed"),
        ("https://a.example:port", "malformed"),
        ("https://a.example:99999", "malformed"),
        ("https://[::1", "malformed"),
        ("https://[fe80::1%25eth0]/", "malformed"),
        ("https://a%2eexample/", "malformed"),
        ("https://-a.example/", "malformed"),
        ("ftp://a.example", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://a.example", "scheme"),
        ("a.example/hook", "scheme"),
        ("https://user:word@a.example", "userinfo"),
        ("https://@a.example", "userinfo"),
        ("https://a.example/" + "x" * 2048, "too_long"),
    ],
)
def test_an_address_that_is_never_called(url: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(url)
    assert caught.value.code == code


@given(text=st.text(), scheme=st.sampled_from(["", "http://", "https://"]))
def test_any_text_is_understood_or_refused(text: str, scheme: str) -> None:
    try:
        target = parse(scheme + text)
    except Refused:
        return
    assert 0 <= target.port <= 65535
    assert not set(target.host) & set(" \r\n\t\0@/\\")
    assert not set(target.path) & set(" \r\n\t\0#\\")
