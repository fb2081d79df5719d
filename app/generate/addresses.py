"""Addresses within the program."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

State = tuple[tuple[str, str], ...]
"""The parameters of an address, in their order."""


def with_query(url: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return `url` with a query; brackets and commas stay readable."""
    query = urlencode(list(pairs), safe="[],:")
    return f"{url}?{query}" if query else url
