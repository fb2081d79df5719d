"""What a list says of itself: how many rows there are, or why there are none."""

from __future__ import annotations

from typing import Any

from flask_babel import format_decimal

from app.core.i18n import Text, _
from app.generate import listing, pages


def empty(resource: Any, narrowed: bool, view: Any) -> pages.Empty:
    """Return what stands where rows would: a `narrowed` list can be cleared, an empty one be filled."""
    if narrowed:
        action = pages.Action(label=_("Clear search and filters"), url=view.plain or view.url)
        return pages.Empty(
            title=_("Nothing matches"),
            text=_("Try fewer filters or other words."),
            action=action,
            icon="search-x",
        )
    title = _("%(things)s: none yet", things=resource.plural)
    if view.add is None:
        return pages.Empty(title=title, text=_("They appear here as they come."), icon=resource.icon)
    imported = view.actions[0] if view.actions else None
    text = _("Add the first one, or bring many at once from a file.") if imported else _("Add the first one.")
    return pages.Empty(title=title, text=text, action=view.add, other=imported, icon=resource.icon)


def counted_of(shown: int, total: int, later: bool) -> Text:
    """Say which rows of how many are shown."""
    if not shown:
        return ""
    many = _("many") if total > listing.CAP else format_decimal(total)
    if later:
        return _("%(shown)s of %(total)s", shown=shown, total=many)
    return _("1–%(shown)s of %(total)s", shown=shown, total=many)


def every(total: int) -> Text:
    """Say how many rows the whole view has, for acting on all of them."""
    if total > listing.CAP:
        return _("All of this view, more than %(number)s", number=format_decimal(listing.CAP))
    return _("All %(number)s of this view", number=format_decimal(total))
