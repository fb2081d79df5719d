"""Lists of options that are data or declarations rather than a closed list: named by `ui(options=…)`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import models
from app.core.declare import Role
from app.core.i18n import Text
from app.core.languages import LANGUAGES
from app.fields.field import Option
from app.fields.settings import ABOUT
from app.models import scopes
from app.models.access import DeskRole

Lists = Mapping[str, tuple[Option, ...]]
"""The options of each list by its name."""


def live_options(session: Session) -> Lists:
    """Return every list as it is now. They hold for as long as the version of the definitions does."""
    return {name: tuple(read(session)) for name, read in LISTS.items()}


def title_of_role(name: str, title: str) -> Text:
    """Return what a role is called: the built-in ones in the reader's language."""
    return next((role.label for role in Role if role == name), title)


def _roles(session: Session) -> Iterator[Option]:
    table = DeskRole.__table__.c
    for name, title in session.execute(select(table.name, table.title).order_by(table.id)):
        yield Option(name, title_of_role(name, title))


def _tables(_session: Session) -> Iterator[Option]:
    for model in models.load():
        yield Option(model.__tablename__, model.resource.plural)


def _scopes(_session: Session) -> Iterator[Option]:
    for scope, meaning in scopes.options().items():
        yield Option(scope, scope, meaning)


def _languages(_session: Session) -> Iterator[Option]:
    for code, name in LANGUAGES.items():
        yield Option(code, name)


def _settings(_session: Session) -> Iterator[Option]:
    for name, about in ABOUT.items():
        yield Option(name, about.field.label)


@cache
def _zones() -> tuple[Option, ...]:
    """Return the time zones, once a process: they are read from many files."""
    return tuple(Option(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()))


def _time_zones(_session: Session) -> Iterator[Option]:
    yield from _zones()


def _times(_session: Session) -> Iterator[Option]:
    """Yield the quarters of a day; the last is the midnight after."""
    for minutes in range(0, 24 * 60 + 1, 15):
        clock = f"{minutes // 60:02}:{minutes % 60:02}"
        yield Option(clock, clock)


LISTS: Mapping[str, Callable[[Session], Iterator[Option]]] = {
    "languages": _languages,
    "roles": _roles,
    "scopes": _scopes,
    "settings": _settings,
    "tables": _tables,
    "time_zones": _time_zones,
    "times": _times,
}
