"""Browsers and systems in words a person recognises."""

from __future__ import annotations

import pytest

from app.adapters.user_agent import in_words

GECKO = "Mozilla/5.0 ({}; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (GECKO.format("X11; Linux x86_64"), ("Firefox", "Linux")),
        (CHROME.format("Windows NT 10.0; Win64; x64"), ("Chrome", "Windows")),
        (CHROME.format("Windows NT 10.0") + " Edg/140.0", ("Edge", "Windows")),
        (CHROME.format("Linux; Android 10; K"), ("Chrome", "Android")),
        (CHROME.format("X11; CrOS x86_64"), ("Chrome", "ChromeOS")),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            ("Safari", "iOS"),
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1", ("Safari", "macOS")),
        ("curl/8.9.1", ("curl", "")),
        ("python-requests/2.32", ("python-requests", "")),
        ("", ("", "")),
        ("\0\x1b[31m", ("", "")),
        ("x" * 5000, ("x" * 40, "")),
    ],
)
def test_a_header_in_words(header: str, words: tuple[str, str]) -> None:
    assert in_words(header) == words
