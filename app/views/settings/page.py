"""`/settings/<section>`: each setting with its default, who reads it, and the way back to the default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, current_app, flash, redirect, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.access import may, require
from app.adapters import storage
from app.core.colour import BLUE
from app.core.declare import Can
from app.core.errors import Conflict, Invalid, NotFound
from app.core.extensions import db
from app.core.i18n import Text, _
from app.fields import FieldSet, Refused, setting_fields, settings_of
from app.fields.settings import ABOUT, DEFAULTS, Section
from app.generate import forms
from app.generate.errors import answer
from app.generate.identity import current_actor
from app.generate.pages import FieldError, FormField, Tab
from app.models.settings import Setting
from app.services import files, settings
from app.services.settings import LOGO

blueprint = Blueprint("settings", __name__)
URL = "/settings"
SEEN = "seen."
"""Before the name of a setting: the version of its row that the form was drawn from."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One setting: its input, what it is by default, and what there is to know of it."""

    field: FormField
    default: Text
    facts: Text
    changed: bool
    seen: tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class Page:
    """One section."""

    title: Text
    url: str
    tabs: tuple[Tab, ...]
    items: tuple[Item, ...]
    errors: tuple[FieldError, ...]
    may_edit: bool


@blueprint.get(f"{URL}/")
def first() -> Response:
    """Go to the first section."""
    require(current_actor(), Can.READ, Setting)
    return redirect(f"{URL}/{next(iter(Section))}")


@blueprint.get(f"{URL}/of/<int:number>")
def of(number: int) -> Response:
    """Go to where the setting of a row stands."""
    require(current_actor(), Can.READ, Setting)
    row = db.session.get(Setting, number)
    if row is None or row.name not in ABOUT:
        raise NotFound
    return redirect(f"{URL}/{ABOUT[row.name].section}#f-{row.name}")


@blueprint.get(f"{URL}/<section>")
def show(section: str) -> Response:
    """Show the settings of a section."""
    require(current_actor(), Can.READ, Setting)
    return _page(_section(section))


@blueprint.post(f"{URL}/<section>")
def save(section: str) -> Response:
    """Keep what was typed, and return one setting to its default if asked; what is wrong comes back."""
    require(current_actor(), Can.EDIT, Setting)
    part, session = _section(section), db.session()
    fields = _fields(part)
    try:
        reset = request.form.get("reset", "")
        kept = fields.pick(tuple(name for name in fields if name != reset))
        values = _typed(kept) | ({reset: None} if reset in fields else {})
        settings.save(session, current_actor(), values, _seen(fields))
        session.commit()
    except (Invalid, Conflict) as problem:
        session.rollback()
        return _page(part, problem)
    flash(_("Saved."), "success")
    return redirect(f"{URL}/{part}")


def _section(name: str) -> Section:
    found = next((one for one in Section if one == name), None)
    if found is None:
        raise NotFound
    return found


def _fields(part: Section) -> FieldSet:
    """Return the settings of a section that can be changed here: the environment decides none of them."""
    names = (name for name, about in ABOUT.items() if about.section is part and about.decided is None)
    return setting_fields(db.session()).pick(tuple(names))


def _typed(fields: FieldSet) -> dict[str, Any]:
    """Return the typed values of the form. Raises Invalid naming each that is none."""
    raw, values, errors = forms.typed_in(request.form, fields.values()), {}, []
    for name, one in raw.items():
        try:
            values[name] = fields[name].parse(one)
        except Refused as refused:
            errors.append(refused.at(name))
    if errors:
        raise Invalid(errors)
    picture = request.files.get(LOGO)
    if LOGO in fields and picture:
        values[LOGO] = _kept(picture)
    return values


def _kept(picture: FileStorage) -> int:
    kind = files.picture_type(picture.stream, LOGO)
    where = storage.from_config(current_app.config)
    file = files.keep(
        db.session(), where, current_actor(), picture.stream, name=picture.filename or LOGO, media_type=kind
    )
    return file.id


def _seen(fields: FieldSet) -> dict[str, int]:
    given = ((name, request.form.get(f"{SEEN}{name}", "")) for name in fields)
    return {name: int(seen) for name, seen in given if seen.isdecimal() and len(seen) < 10}


def _page(part: Section, problem: Invalid | Conflict | None = None) -> Response:
    fields = setting_fields(db.session())
    errors = forms.by_field(problem, fields)
    page = Page(
        title=Setting.resource.plural,
        url=f"{URL}/{part}",
        tabs=tuple(Tab(label=one.label, url=f"{URL}/{one}", current=one is part) for one in Section),
        items=tuple(_items(part, fields, errors, typed=problem is not None)),
        errors=forms.summary(errors, fields),
        may_edit=may(current_actor(), Can.EDIT, Setting),
    )
    return answer("settings/settings.html", problem, page=page)


def _items(
    part: Section, fields: FieldSet, errors: Mapping[str, list[Text]], *, typed: bool
) -> Iterator[Item]:
    session, now, rows = db.session(), settings_of(db.session()), settings.rows(db.session())
    raw = forms.typed_in(request.form, fields.values()) if typed else {}
    for name, about in ABOUT.items():
        if about.section is not part:
            continue
        fixed = about.decided is not None
        kept = forms.written(fields[name], getattr(now, name))
        value = kept if fixed else raw.get(name, kept)
        told = tuple(errors.get(name, ()))
        drawn = forms.input_of(session, current_actor(), fields[name], value, told)
        yield Item(
            field=_as_asked(name, drawn, fixed=fixed),
            default=fields[name].text(getattr(DEFAULTS, name)),
            facts=_facts(name),
            changed=name in rows and not fixed,
            seen=(f"{SEEN}{name}", rows[name].version if name in rows else 0),
        )


def _as_asked(name: str, drawn: FormField, *, fixed: bool) -> FormField:
    readonly = fixed or not may(current_actor(), Can.EDIT, Setting)
    if name == LOGO:
        attributes = {"accept": ",".join(files.PICTURES)}
        return replace(drawn, kind="file", readonly=readonly, attributes=attributes)
    if ABOUT[name].colour:
        return replace(drawn, kind="hex", readonly=readonly, attributes={"placeholder": BLUE})
    return replace(drawn, readonly=readonly, required=drawn.kind == "select")


def _facts(name: str) -> Text:
    about = ABOUT[name]
    return "" if about.decided is None else _("Set by the environment (%(name)s).", name=about.env)
