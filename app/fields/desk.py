"""The settings of the desk as they are now.

A row of `settings` holds what was changed; all else is as it came. The version that tells every process of
new fields tells it of new settings too (version.py).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.languages import LANGUAGES
from app.fields.fieldset import FieldSet
from app.fields.kinds import LISTS
from app.fields.registry import options_of
from app.fields.settings import ABOUT, DEFAULTS, Settings
from app.fields.stored import stored
from app.fields.version import known_version
from app.models.settings import Setting


def settings_of(session: Session) -> Settings:
    """Return the settings as they are now. Costs nothing where the version is known, else one statement."""
    version, decided = known_version(session), tuple(_decided())
    known = next(iter(_latest), None)
    if known is None or known[:2] != (version, decided):
        known = (version, decided, _read(session, dict(decided)))
        _latest[:] = [known]
    return known[2]


def latest_settings() -> Settings:
    """Return what this process read last, for pages that must come though no database answers."""
    return _latest[0][2] if _latest else DEFAULTS


def setting_fields(session: Session) -> FieldSet:
    """Return every setting as a field, with the options it has now."""
    made = (
        dataclasses.replace(about.field, options=options_of(session, about.options) if about.options else ())
        for about in ABOUT.values()
    )
    return FieldSet(Setting.__tablename__, known_version(session), made)


_latest: list[tuple[int, tuple[tuple[str, Any], ...], Settings]] = []
"""The newest settings read by this process: none or one."""


_DECIDABLE = {name: about for name, about in ABOUT.items() if about.env}


def _decided() -> Iterator[tuple[str, Any]]:
    config = current_app.config
    for name, about in _DECIDABLE.items():
        value = about.decided_in(config)
        if value is not None:
            yield name, value


def _read(session: Session, decided: Mapping[str, Any]) -> Settings:
    table = Setting.__table__.c
    values: dict[str, Any] = {}
    for name, value in session.execute(select(table.name, table.value)):
        about = None if name in decided else ABOUT.get(name)
        typed = stored(about.field.kind, value) if about else None
        if about and typed is not None:
            values[name] = tuple(typed) if about.field.kind in LISTS else typed
    return Settings(**values, **decided)


def languages_of(settings: Settings) -> dict[str, str]:
    """Return the languages that are offered, by their codes; the desk's own is always among them."""
    wanted = {*settings.languages, settings.language} if settings.languages else LANGUAGES.keys()
    return {code: name for code, name in LANGUAGES.items() if code in wanted}


def spoken(settings: Settings, language: str | None) -> str:
    """Return `language` if it is offered, else the desk's own."""
    return language if language and language in languages_of(settings) else settings.language
