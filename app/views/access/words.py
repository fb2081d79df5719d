"""What a grant is called on these pages: verbs, rows, and a line of a matrix in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.access.explain import VERBS as WORDS
from app.access.grants import VERBS
from app.core.declare import Menu
from app.core.i18n import LazyString, Text, _, _n
from app.models.access import RowScope, Verb
from app.services.matrix import Line, tables

ROWS: dict[RowScope, Text] = {
    RowScope.NONE: _("No"),
    RowScope.OWN: RowScope.OWN.label,
    RowScope.TEAM: RowScope.TEAM.label,
    RowScope.ALL: RowScope.ALL.label,
}
WIDEST = (RowScope.ALL, RowScope.TEAM, RowScope.OWN)
BESIDES = _("Without a place in the menu")


def grouped() -> Iterator[tuple[Text, list[Any]]]:
    """Yield the tables somebody can have a grant on, by job as in the navigation."""
    every = [*tables()]
    for menu in (*Menu, None):
        models = [model for model in every if model.resource.menu is menu]
        if models:
            yield menu.label if menu else BESIDES, models


def said(line: Line) -> Text:
    """Return a line in words, the widest rows first: "All: read. Own: edit, delete."."""
    return LazyString(lambda: " ".join(_parts(line)))


def _parts(line: Line) -> Iterator[str]:
    for scope in WIDEST:
        verbs = [verb for verb, rows in line.rows.items() if rows is scope]
        if verbs:
            yield f"{ROWS[scope]}: {_listed(verbs)}."
    if line.hide and not line.is_empty:
        yield f"{hides(line.hide)}."


def hides(names: Iterable[str]) -> Text:
    """Return how many fields are hidden, in words."""
    return _n("%(num)s field hidden", "%(num)s fields hidden", len([*names]))


def _listed(verbs: Iterable[Verb]) -> str:
    return ", ".join(str(WORDS[VERBS[verb]]) for verb in verbs)
