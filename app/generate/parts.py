"""The small pieces that pages are made of: a value to show, a thing to do, a choice.

Pure data: the generators fill them, the templates draw them, and neither knows the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.core.i18n import Text


class Show(StrEnum):
    """How a value is drawn in a table, a fact list or a difference."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    MARKDOWN = "markdown"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIME = "time"
    DATE = "date"
    STATUS = "status"
    PRIORITY = "priority"
    BADGE = "badge"
    TAGS = "tags"
    PERSON = "person"
    LINK = "link"
    EMAIL = "email"
    PHONE = "phone"
    CODE = "code"
    JSON = "json"
    CHANGES = "changes"
    MARKED = "marked"
    FRAME = "frame"
    PROGRESS = "progress"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One value as a person sees it.

    text   the words shown, already translated and formatted; empty draws a quiet dash
    value  what the drawing needs besides words: an aware datetime (TIME, DATE), the stored status or
           priority, a bool, a list of tags, anything JSON can hold, a tone for BADGE (see `badge`), safe
           HTML for MARKDOWN, the pieces of a text for MARKED (as code if `text` says so), changes for
           CHANGES, figures done, of all, and failed for PROGRESS
    url    makes the value a link
    """

    kind: Show = Show.TEXT
    text: Text = ""
    value: object = None
    url: str | None = None


NOTHING = Cell()


@dataclass(frozen=True, kw_only=True)
class Action:
    """Something a person can do, drawn as a link, a button or a menu item.

    method   "get" is a link; "post" is a form of its own with the CSRF token
    icon     a name of the icon set
    danger   drawn in red and placed last
    confirm  a question asked first; `url` must then answer GET with the confirm page, so that the
             question is asked without JavaScript too
    key      the single key that triggers it; in the menu of a row, on the row that has the focus
    copies   its address is put into the clipboard; without scripts, a link like any other
    """

    label: Text
    url: str
    method: str = "get"
    icon: str | None = None
    danger: bool = False
    primary: bool = False
    confirm: Text | None = None
    key: str | None = None
    copies: bool = False


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice of a select, a filter or a column picker; `help` says what it means where there is room."""

    value: str
    label: Text
    selected: bool = False
    help: Text = ""


@dataclass(frozen=True, kw_only=True)
class Crumb:
    """A step back up: where this page hangs."""

    label: Text
    url: str


@dataclass(frozen=True, kw_only=True)
class Empty:
    """What stands where rows would: what happened, and one next step; `other` is a second way to take it."""

    title: Text
    text: Text = ""
    action: Action | None = None
    other: Action | None = None
    icon: str = "inbox"


@dataclass(frozen=True, kw_only=True)
class FieldError:
    """A message of the error summary, leading to its field ("" means the whole form)."""

    field: str
    message: Text
