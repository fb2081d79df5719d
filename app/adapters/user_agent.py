"""What a browser calls itself, in two words a person recognises. Nothing is decided by it."""

from __future__ import annotations

import re

LONGEST = 40
READ = 400
"""Characters of the header that are looked at."""
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""Marks and names, the special before the general: almost all call themselves Safari too."""
SYSTEMS = (
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def in_words(user_agent: str) -> tuple[str, str]:
    """Return browser and system of a User-Agent header; an unknown program by its first word, else ""."""
    read = user_agent[:READ]
    first = re.match(r"[A-Za-z][\w .-]*", read, re.ASCII)
    other = first[0].strip() if first else ""
    return _named(BROWSERS, read) or other[:LONGEST], _named(SYSTEMS, read)


def _named(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in known if mark in text), "")
