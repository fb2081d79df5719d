"""What a page says of one thing: its facts now, and its history.

Pure data, drawn by `templates/generated/facts.html` and `history.html`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.core.i18n import Text
from app.generate.parts import Cell, Empty


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A label and its value. A `wide` one (long text, JSON) takes the whole width."""

    label: Text
    cell: Cell
    wide: bool = False
    help: Text = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """Facts under one heading."""

    title: Text
    facts: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field of a history entry: what it was, what it became."""

    label: Text
    before: Cell
    after: Cell


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of a history. `what` says it in words when there are no changed fields to list."""

    when: datetime
    who: Text
    what: Text = ""
    changes: tuple[Change, ...] = ()
    source: Text = ""
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class History:
    """What happened to one thing, newest first."""

    entries: tuple[Entry, ...]
    empty: Empty
    next_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Raw:
    """One thing as JSON: every value that its reader may see, as the API would write it."""

    members: Mapping[str, object]
