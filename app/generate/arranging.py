"""How a list may be arranged: the views kept of it, and which columns it shows in which order. Pure data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class OpenView:
    """The saved view a list shows or began with, and what the person may do with it (None: not that).

    link          the address that others can be sent
    default_url   takes a POST of `default`, "1" or ""
    save_url      takes a POST of what the list shows now; only once it shows something else
    """

    name: str
    version: int
    shared: bool
    link: str
    default_url: str
    is_default: bool
    save_url: str | None = None
    edit_url: str | None = None
    delete_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """What of a list can be kept: `query` is what it shows, as its address says it.

    add_url   takes a POST of a new view; None where there is nothing new to keep, or the person may not
    """

    table: str
    query: str
    add_url: str | None = None
    may_share: bool = False
    view: OpenView | None = None


@dataclass(frozen=True, kw_only=True)
class ColumnForm:
    """Where columns are chosen: `url` takes `columns` in their order, and `back`, what the list shows.

    is_own   the person chose before, and may go back to the declared columns
    """

    url: str
    back: str
    is_own: bool = False
