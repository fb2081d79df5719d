"""How the JSON of a column is formed: said once, and kept by forms, the API, files and lists alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.i18n import Text

if TYPE_CHECKING:
    from app.core.declare import Choice


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table of yes and no kept as JSON: `{"agent": {"visible": false}}` by its rows and columns."""

    rows: type[Choice]
    """What the rows of the table are."""
    columns: type[Choice]
    """What may be said of each."""


@dataclass(frozen=True)
class Member:
    """One value within JSON: what it is called and what may stand there; else it is a line of text."""

    label: Text
    """What a person calls it."""
    number: bool = False
    """Whether it is a number."""
    help: Text = ""
    """A sentence under its input."""
    required: bool = False
    """Whether it must be said wherever what it belongs to is said."""
    longest: int = 400
    """Characters of a text at most."""
    minimum: int | None = None
    """The least number that is taken."""
    maximum: int | None = None
    """The greatest number that is taken."""
    choices: Iterable[Choice] = ()
    """A closed list of values."""
    colour: bool = False
    """The choices are colours, and shown as such."""
    flag: bool = False
    """It is true, or is not said."""
    row: str | None = None
    """It is the number of a row of this table; with `members`, it may be described by them instead."""
    texts: int = 0
    """It is a list of so many short texts at most."""
    each: str | None = None
    """It is an object with a text for each value that stands in this other column of the row."""
    members: Mapping[str, Member] | None = None
    """It is an object with these."""
    bare: str | None = None
    """The member that stands for the object where nothing else is said: `"a"` for `{"value": "a"}`."""


@dataclass(frozen=True, kw_only=True)
class Lines:
    """A JSON list of values that are formed alike, in the order a person gives them."""

    of: Member
    """What a line holds; its label says what one is called."""
    most: int = 100
    """Lines at most."""
    unique: str | None = None
    """A text among the members of a line that is another in every line, whatever its case."""
    keeps: str | None = None
    """A flag among them: the line is kept for the rows that have its value, and offered to no other."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """A JSON object with some words of a catalogue, each once with its own value: `{"priority": "high"}`."""

    of: Mapping[str, Member]
    """The catalogue."""
    least: int = 0
    """How many of them must be said; with any, a form asks for the column."""


@dataclass(frozen=True, kw_only=True)
class Languages:
    """A JSON object with a value for each of some languages: `{"de": {"label": "Thema"}}`."""

    of: Member
    """What is said in each."""


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What values were and became, as the audit log keeps it: `{"before": {…}, "after": {…}}`."""

    of: str
    """The table whose rows changed, or the column of the same row that names it."""
    by_field: bool = False
    """It is kept field by field: `{"status": {"old": "new", "new": "open"}}`."""


Shape = Lines | Words | Languages
