"""What the audit log holds of a value: addresses of people and the paths of links are left out.

The log is never changed, so what names a person, or lets somebody in, must not get there by way of a rule's
criteria or a webhook's address.
"""

from __future__ import annotations

import re
from typing import Any

ADDRESS = re.compile(r"[^\s\"'<>(),;:]+@[^\s\"'<>(),;:]+")
LINK = re.compile(r"(https?://)(?:[^/\s?#]*@)?([^/\s?#]*)[^\s\"'<>]*")


def discreet(value: Any) -> Any:
    """Return `value` with every address as `[address]` and every link as its host."""
    match value:
        case str():
            return _text(value) if "@" in value or "://" in value else value
        case dict():
            return {_text(key): discreet(one) for key, one in value.items()}
        case list() | tuple():
            return [discreet(one) for one in value]
    return value


def _text(text: str) -> str:
    return ADDRESS.sub("[address]", LINK.sub(r"\1\2", text))
