"""Pages written by hand that hang on a generated screen: links beside its rows, a preview beside its form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.access import Actor, may
from app.core.declare import Can
from app.core.i18n import Text
from app.generate.pages import KEY, Action


@dataclass(frozen=True, kw_only=True)
class Lead:
    """A link beside each row, for who may do `can` with `reads`; in `url`, `{key}` is the row's number."""

    label: Text
    url: str
    icon: str
    reads: Any
    can: Can = Can.READ


_leads: dict[Any, tuple[Lead, ...]] = {}
_previews: dict[Any, str] = {}


def add(model: Any, lead: Lead) -> None:
    """Let the rows of `model` lead to a page. Once, however many applications there are."""
    known = _leads.get(model, ())
    if all(one.url != lead.url for one in known):
        _leads[model] = (*known, lead)


def preview(model: Any, url: str) -> None:
    """Let the form of `model` show what it would make: the page at `url` takes the form and keeps nothing."""
    _previews[model] = url


def preview_of(model: Any) -> str | None:
    """Return where the form of `model` is previewed, or None."""
    return _previews.get(model)


def leads_of(actor: Actor, model: Any) -> tuple[Action, ...]:
    """Return the links beside rows of `model`, with `pages.KEY` in the place of their numbers."""
    return tuple(
        Action(label=lead.label, url=lead.url.format(key=KEY), icon=lead.icon)
        for lead in _leads.get(model, ())
        if may(actor, lead.can, lead.reads)
    )
