"""One file a subject; the declaration stands beside the columns. Every module here is loaded by `load`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from app.core.declare import Desk, Menu
from app.models.base import Declared


@cache
def load() -> tuple[type[Declared], ...]:
    """Import every model module and return the declared classes, ordered by table name."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return tuple(sorted(_declared(Declared), key=lambda model: model.__tablename__))


@cache
def in_menu_order() -> tuple[type[Declared], ...]:
    """Return the declared classes as the menu has them: what is managed before what is watched."""
    menus = list(Menu)

    def place(model: type[Declared]) -> tuple[int, bool]:
        return menus.index(model.resource.menu or menus[-1]), model.resource.desk is not Desk.MANAGE

    return tuple(sorted(load(), key=place))


def by_table(table: str) -> type[Declared]:
    """Return the declared class of `table`; KeyError if there is none."""
    return _by_table()[table]


@cache
def _by_table() -> dict[str, type[Declared]]:
    return {model.__tablename__: model for model in load()}


def _declared(base: type[Declared]) -> set[type[Declared]]:
    found = {base} if "__tablename__" in base.__dict__ else set()
    for child in base.__subclasses__():
        found |= _declared(child)
    return found
