"""The frame around every page: who is signed in, where they can go, what was just done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask, get_flashed_messages, request, url_for
from flask_babel import get_locale
from flask_login import current_user

from app.access import Actor, may
from app.core.declare import Can, Desk, Menu
from app.core.extensions import db
from app.core.i18n import Text, _
from app.fields import fields_of
from app.generate.desk import desk
from app.generate.frame import Flash, Frame, NavGroup, NavItem, Person
from app.generate.identity import current_actor
from app.generate.locale import direction
from app.generate.pages import Action
from app.generate.places import list_address
from app.generate.templating import initials
from app.models import in_menu_order
from app.models.people import Employee

Items = Callable[[Actor], list[NavItem]]

_places: list[tuple[Items, Menu | None, bool]] = []


def add_places(items: Items, menu: Menu | None = None, *, first: bool = False) -> None:
    """Let a hand-written view stand first in the navigation, or in the group `menu`: last, or `first`.

    Once, however many applications there are.
    """
    if (items, menu, first) not in _places:
        _places.append((items, menu, first))


def stands_in(menu: Menu, actor: Actor) -> bool:
    """Tell whether the actor may see any of the generated screens of a group."""
    return any(may(actor, Can.READ, screen.model) for screen in _screens()[menu])


def install(app: Flask) -> None:
    """Put the frame into every template under the name `shell`."""
    app.context_processor(lambda: {"shell": frame()})


def frame() -> Frame:
    """Return the frame of this request."""
    actor = current_actor() if not request.path.startswith("/portal") else None  # read with all versions
    says = desk()
    locale = str(get_locale() or says.language)
    common: dict[str, Any] = {
        "product": says.name,
        "logo_url": url_for("brand.logo", number=says.logo) if says.logo else None,
        "brand_url": url_for("brand.colours", accent=says.accent[1:].lower()) if says.accent else None,
        "locale": locale,
        "direction": direction(locale),
        "theme": _cookie("fd_theme", ("light", "dark"), "auto"),
        "density": _cookie("fd_density", ("compact",), "comfortable"),
        "folded": request.cookies.get("fd_nav") == "folded",
        "flashes": tuple(_flashes()),
    }
    if actor is None or not actor.is_employee:
        return Frame(**common)
    return Frame(
        **common,
        person=_person(current_user),
        navigation=tuple(_navigation(actor)),
        keys=current_user.preferences.get("keys", True),
        palette_url=url_for("home.palette"),
        theme_url=url_for("home.theme"),
        sign_out_url=url_for("SignInView.logout"),
    )


@dataclass(frozen=True)
class _Screen:
    table: str
    model: Any
    label: Text
    icon: str
    url: str
    roots: tuple[str, ...]
    """How the addresses begin on which it is where one is."""


@cache
def _screens() -> dict[Menu, tuple[_Screen, ...]]:
    """Return the generated screens by menu, what is managed before what is watched.

    Once a process: declarations do not change while it runs.
    """
    found: dict[Menu, list[_Screen]] = {menu: [] for menu in Menu}
    for model in in_menu_order():
        resource = model.resource
        if resource.menu is not None and resource.desk is not Desk.HAND:
            table = model.__tablename__
            root = list_address(model)
            url = resource.overview or root
            roots = (root.removesuffix("list/"), url)
            screen = _Screen(table, model, resource.plural, resource.icon, url, roots)
            found[resource.menu].append(screen)
    return {menu: tuple(screens) for menu, screens in found.items()}


def places(menu: Menu, actor: Actor) -> list[NavItem]:
    """Return the places of a group that the actor may go to."""
    path = request.path
    items = [
        NavItem(
            label=screen.label,
            url=screen.url,
            icon=screen.icon,
            current=path.startswith(screen.roots),
        )
        for screen in _screens()[menu]
        if may(actor, Can.READ, screen.model)
    ]
    return [*_placed(actor, menu, first=True), *items, *_placed(actor, menu)]


def _navigation(actor: Actor) -> Iterator[NavGroup]:
    first = _placed(actor, None)
    if first:
        yield NavGroup(None, first)
    for menu in Menu:
        items = places(menu, actor)
        if items:
            yield NavGroup(menu.label, items)


def _placed(actor: Actor, menu: Menu | None, *, first: bool = False) -> list[NavItem]:
    wanted = (menu, first)
    return [item for items, *place in _places if (*place,) == wanted for item in items(actor)]


def _person(employee: Employee) -> Person:
    role = fields_of(db.session(), Employee)["role"].text(employee.role)
    return Person(
        name=employee.name,
        initials=initials(employee.name),
        role_label=role,
        links=(
            Action(label=_("Profile"), url=url_for("home.profile"), icon="user"),
            Action(
                label=_("Open tickets at most: %(number)s", number=employee.effective_capacity),
                url=url_for("home.profile", _anchor="f-own_capacity"),
                icon="gauge",
            ),
        ),
    )


def _flashes() -> Iterator[Flash]:
    said: Any = get_flashed_messages(with_categories=True)
    for category, message in said:
        text, undo = message if isinstance(message, list | tuple) else (message, None)
        yield Flash(category, text, undo)


def _cookie(name: str, known: tuple[str, ...], default: str) -> str:
    value = request.cookies.get(name, "")
    return value if value in known else default
