"""The settings of the desk: a row is what was changed, and deleting it returns to the default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.core.declare import Can
from app.core.errors import Conflict, FieldError, Invalid
from app.core.i18n import Text, _
from app.fields import Refused, Settings, setting_fields, settings_of
from app.fields.kinds import LISTS
from app.fields.refusal import error
from app.fields.settings import ABOUT, DEFAULTS
from app.models.files import File
from app.models.settings import Setting
from app.record import expect, flush
from app.services import files

LOGO = "logo"
"""The setting whose value is the number of a file."""


def add(session: Session, actor: Actor, values: dict[str, Any]) -> Setting:
    """Change a setting that is as it came. Raises NotFound, Invalid, Conflict."""
    require(actor, Can.ADD, Setting)
    name, before = str(values.get("name")), settings_of(session)
    if name not in ABOUT:
        raise Invalid([error("name", "unknown_field")])
    setting = Setting(name=name, value=_kept(session, name, values.get("value"), "value"))
    session.add(setting)
    _settle(session, before, {name: "value"})
    return setting


def edit(
    session: Session, actor: Actor, setting: Setting, values: dict[str, Any], expected: int | None = None
) -> Setting:
    """Give a changed setting another value. Raises NotFound, Stale, Invalid, Conflict."""
    require(actor, Can.EDIT, setting)
    expect(setting, expected)
    if values.get("name", setting.name) != setting.name:
        raise Invalid.one("name", "not_possible", _("A row stays that of its setting. Delete it instead."))
    before = settings_of(session)
    setting.value = _kept(session, setting.name, values.get("value", setting.value), "value")
    _settle(session, before, {setting.name: "value"})
    return setting


def delete(session: Session, actor: Actor, setting: Setting, expected: int | None = None) -> None:
    """Return a setting to its default. Raises NotFound, Stale, Invalid."""
    require(actor, Can.DELETE, setting)
    expect(setting, expected)
    before = settings_of(session)
    session.delete(setting)
    _settle(session, before, {setting.name: setting.name})


def save(session: Session, actor: Actor, values: Mapping[str, Any], seen: Mapping[str, int]) -> None:
    """Keep the typed `values` of some settings; None returns one to its default.

    `seen` are the versions of the rows that the form was drawn from, 0 for a default. Only what differs is
    written. Raises NotFound, Conflict, and Invalid which names each setting, one changed meanwhile too.
    """
    require(actor, Can.EDIT, Setting)
    known, before = rows(session), settings_of(session)
    wanted = {name: _json(name, value) for name, value in values.items()}
    changed = [
        name for name, value in wanted.items() if value != (known[name].value if name in known else None)
    ]
    late = [name for name in changed if seen.get(name, 0) != (known[name].version if name in known else 0)]
    if late:
        raise Invalid(FieldError(name, "stale", MEANWHILE) for name in late)
    for name in changed:
        if wanted[name] is None:
            session.delete(known[name])
        else:
            row = known.get(name) or Setting(name=name)
            row.value = _kept(session, name, wanted[name], name)
            session.add(row)
    _settle(session, before, {name: name for name in changed})


MEANWHILE = _("Somebody changed this meanwhile. Save again to put your value in its place.")


def rows(session: Session) -> dict[str, Setting]:
    """Return the settings that were changed, by name."""
    return {row.name: row for row in session.scalars(select(Setting))}


def _json(name: str, value: Any) -> Any:
    """Return what a row keeps of a typed value: nothing if it is the default."""
    field = ABOUT[name].field
    if value is None or value == getattr(DEFAULTS, name):
        return None
    return list(value) if field.kind in LISTS else field.dump(value)


def _kept(session: Session, name: str, raw: Any, place: str) -> Any:
    """Return what is kept of a value, checked by the setting's field. Raises Invalid at `place`, Conflict."""
    if ABOUT[name].decided is not None:
        raise Conflict(_("The environment decides this (%(name)s).", name=ABOUT[name].env))
    field = setting_fields(session)[name]
    try:
        value = field.parse(raw)
    except Refused as refused:
        raise Invalid([refused.at(place)]) from refused
    if value is None:
        raise Invalid([error(place, "required")])
    if name == LOGO:
        _keep_picture(session, value, place)
    return list(value) if field.kind in LISTS else field.dump(value)


def _keep_picture(session: Session, number: int, place: str) -> None:
    file = session.get(File, number)
    if file is None or file.media_type not in files.PICTURES:
        raise Invalid.one(place, "not_possible", _("There is no picture of this number."))
    files.keep_for_good(session, file)


def _settle(session: Session, before: Settings, changed: Mapping[str, str]) -> None:
    """Write the changes, unless the settings contradict each other now; `changed` says where to tell it."""
    flush(session)
    now = settings_of(session)
    for involved, text in _discord(now):
        for name in changed.keys() & involved:
            raise Invalid.one(changed[name], "not_possible", text)
    if before.logo and now.logo != before.logo:
        files.forget(session, before.logo)


def _discord(now: Settings) -> Iterator[tuple[frozenset[str], Text]]:
    if now.languages and now.language not in now.languages and ABOUT["language"].decided is None:
        yield frozenset({"languages", "language"}), _("The desk's own language must be among those offered.")
    if now.session_idle_hours > now.session_hours:
        yield (
            frozenset({"session_hours", "session_idle_hours"}),
            _("Nobody is idle longer than a session lasts."),
        )
    if now.mean_days <= now.metric_days:
        yield frozenset({"metric_days", "mean_days"}), _("Means must be kept longer than single values.")
