"""What may be done with a row: the menu beside it in a list, the buttons in the head of its page.

All rows with which the same may be done share one menu: `pages.KEY` in its addresses stands for their keys.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from app import services
from app.access import Actor, may
from app.core.declare import Can
from app.core.i18n import _, _p
from app.generate.actions import asked_of, icon_of_action, label_of_action
from app.generate.addresses import with_query
from app.generate.cells import page_address
from app.generate.fragments import kept
from app.generate.leads import leads_of
from app.generate.pages import KEY, Action

Menu = tuple[Action, ...]
BACK = "back"
"""The parameter of a deed that says on which page it was begun."""
COPY = "copy_of"
"""The parameter of a form for a new row that names the row whose values it begins with."""


def managed(actor: Actor, row: Any) -> Menu:
    """Return what may be done with a row that people manage."""
    model: Any = type(row)
    can = (may(actor, Can.EDIT, row), may(actor, Can.ADD, model), may(actor, Can.DELETE, row))
    return _managed(model, leads_of(actor, model), services.offered(row), *can)


def watched(actor: Actor, row: Any) -> Menu:
    """Return what may be done with a row that people watch, as it stands."""
    model: Any = type(row)
    verbs = services.offered(row) if model.resource.actions else ()
    return _watched(model, verbs) if verbs and may(actor, Can.EDIT, row) else ()


def at_hand(actor: Actor, row: Any, back: str) -> Menu:
    """Return the same as buttons of another page: each asks in place, and leads back to the page `back`."""
    verbs = services.offered(row) if may(actor, Can.EDIT, row) else ()
    base = f"/console/{row.__tablename__}/act"
    return tuple(
        Action(
            label=label_of_action(verb),
            url=with_query(f"{base}/{verb}/{row.id}", [(BACK, back)]),
            icon=icon_of_action(verb),
            confirm=asked_of(row, verb),
        )
        for verb in verbs
    )


def in_list(model: Any, deeds_of: Callable[[Any], Menu]) -> Callable[[Any], Menu]:
    """Return what gives each row of a list its menu; rows with the same deeds are given the very same one."""
    made = kept(partial(beside, model))
    return lambda row: made(deeds_of(row))


def beside(model: Any, deeds: Menu) -> Menu:
    """Return the menu beside a row in a list: what opens it, what may be done with it, and its address."""
    url = page_address(model, KEY)
    if url is None:
        return deeds
    return (
        Action(label=_p("verb", "Open"), url=url, icon="eye"),
        *(deed for deed in deeds if not deed.danger),
        Action(label=_("Copy link"), url=url, icon="link", copies=True),
        *(deed for deed in deeds if deed.danger),
    )


@cache
def _managed(
    model: Any, leads: Menu, verbs: tuple[str, ...], may_edit: bool, may_add: bool, may_delete: bool
) -> Menu:
    base = f"/admin/{model.__tablename__}"
    menu: list[Action] = []
    if may_edit:
        menu.append(Action(label=_("Edit"), url=f"{base}/edit/{KEY}", icon="pencil", key="e"))
    menu += leads
    if may_edit:
        menu += _declared(verbs, base)
    if may_add:
        menu.append(Action(label=_("Duplicate"), url=f"{base}/add?{COPY}={KEY}", icon="copy"))
    if may_delete:
        menu.append(Action(label=_("Delete"), url=f"{base}/delete/{KEY}", icon="trash-2", danger=True))
    return tuple(menu)


@cache
def _watched(model: Any, verbs: tuple[str, ...]) -> Menu:
    return _declared(verbs, f"/console/{model.__tablename__}")


def _declared(verbs: tuple[str, ...], base: str) -> Menu:
    return tuple(
        Action(label=label_of_action(verb), url=f"{base}/act/{verb}/{KEY}", icon=icon_of_action(verb))
        for verb in verbs
    )
