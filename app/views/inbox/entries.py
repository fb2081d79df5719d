"""The entries of a timeline, as the template draws them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from markupsafe import Markup

from app.core.i18n import Text


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message: `tone` is `customer`, `ours` or `note`."""

    moment: dt.datetime
    who: Text
    html: Markup
    tone: str
    anchor: str
    rank: int = 3


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One value that changed: its label, what it was, what it became."""

    label: Text
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Happened:
    """A change in words: who did what."""

    moment: dt.datetime
    who: Text
    what: Text = ""
    turns: tuple[Turn, ...] = ()
    rank: int = 4


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A rule that was tried: whether it matched, else the condition that said no and what it saw."""

    name: str
    matched: bool
    why: Text = ""


@dataclass(frozen=True, kw_only=True)
class Considered:
    """An employee who was considered: how busy, how skilled, and why not chosen."""

    name: str
    load: Text
    skill: Text
    chosen: bool
    why_not: Text = ""


@dataclass(frozen=True, kw_only=True)
class Routed:
    """A decision of routing: in one sentence, and in all that was tried."""

    moment: dt.datetime
    sentence: Text
    tried: tuple[Tried, ...]
    considered: tuple[Considered, ...]
    note: Text = ""
    rank: int = 2


Entry = Said | Happened | Routed
