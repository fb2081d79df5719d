"""Who reads and writes a field, and what each may do with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Audience(StrEnum):
    """Who reads or writes a value."""

    AGENT = "agent"
    CUSTOMER = "customer"
    API = "api"


@dataclass(frozen=True, kw_only=True)
class Access:
    """What one audience may do with a field."""

    visible: bool = True
    editable: bool = True
    required: bool = False


OPEN, REQUIRED = Access(), Access(required=True)
"""What an audience may do of which nothing is said."""
