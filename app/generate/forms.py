"""Generated forms: fields of the registry as inputs, what was typed as values, errors beside each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from flask_babel import get_timezone
from sqlalchemy import inspect
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app import services
from app.access import Actor, hidden, is_hidden, may
from app.core.declare import Can, Desk
from app.core.errors import Conflict, FieldError, Invalid, Problem
from app.core.i18n import LazyString, Text, _
from app.fields import Audience, Field, FieldSet, Kind, Purpose, check, columns_of
from app.generate import compounds, in_place, pages
from app.generate.builder.say import titles_of
from app.generate.compounds import is_compound
from app.generate.lines.words import Titles
from app.models import by_table

LISTS = {Kind.MULTI_SELECT, Kind.TAGS}
CONTROLS = {"version", "base", "again"}
"""What a form sends besides its fields."""
TIDY = "%Y-%m-%dT%H:%M"


def names_of(actor: Actor, model: Any, fields: FieldSet, row: Any | None) -> tuple[str, ...]:
    """Return the names of the form's fields, custom ones in the place of `custom_fields`."""
    resource = model.resource
    names = resource.create if row is None and resource.create else resource.form
    hide = hidden(actor, model)
    editable = {field.name for field in fields.editable(Audience.AGENT)}
    return tuple(name for name in fields.in_order(names) if name in editable and not is_hidden(hide, name))


def refuse_foreign(form: Iterable[str], fields: FieldSet, known: Container[str]) -> None:
    """Raise Invalid naming what was sent by hand: fields of the thing (`known`) that were not offered."""
    foreign = [name for name in form if name in known and name not in fields and name not in CONTROLS]
    if foreign:
        text = _("%(names)s cannot be changed here. Leave it out.", names=", ".join(foreign))
        raise Invalid(FieldError(name, "unknown_field", text) for name in foreign[:1])


def typed_in(form: MultiDict[str, str], fields: Iterable[Field]) -> dict[str, Any]:
    """Return what was typed, by field name. An unticked box is a no; a field not shown is absent."""
    raw: dict[str, Any] = {}
    for field in fields:
        if is_compound(field):
            raw[field.name] = compounds.typed(form, field)
        elif field.kind in LISTS:
            raw[field.name] = _several(form.getlist(field.name))
        elif field.kind is Kind.BOOLEAN:
            raw[field.name] = field.name in form
        elif field.name in form:
            raw[field.name] = form[field.name]
    return raw


def checked(fields: FieldSet, raw: Mapping[str, Any], purpose: Purpose) -> dict[str, Any]:
    """Return values ready for a service; raises Invalid naming each refused field."""
    return columns_of(fields, check(fields, raw, Audience.AGENT, purpose, zone()))


def inputs(
    session: Session,
    actor: Actor,
    fields: Mapping[str, Field],
    raw: Mapping[str, Any],
    errors: Mapping[str, list[Text]],
) -> tuple[pages.FormField, ...]:
    """Return the inputs of a form with what is in them, typed or stored."""
    titles = titles_of(session, actor, references(fields, raw))
    return tuple(
        _input(actor, field, raw.get(field.name), tuple(errors.get(field.name, ())), titles)
        for field in fields.values()
    )


def references(fields: Mapping[str, Field], raw: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield table and number of each row that the inputs refer to."""
    for name, field in fields.items():
        key = raw.get(name)
        if field.reference and isinstance(key, str) and _is_number(key):
            yield field.reference, int(key)


def stored(fields: FieldSet, row: Any | None) -> dict[str, Any]:
    """Return what an untouched form holds: the row's values, or the defaults."""
    return {
        field.name: written(field, field.read(row) if row is not None else _default(field))
        for field in fields.values()
    }


def blank(fields: FieldSet, model: Any) -> dict[str, Any]:
    """Return what a new form holds: the defaults of the definitions and of the columns."""
    values = stored(fields, None)
    for attribute in inspect(model).column_attrs:
        default = getattr(attribute.columns[0], "default", None)
        if attribute.key in fields and default is not None and default.is_scalar:
            values[attribute.key] = written(fields[attribute.key], default.arg)
    return values


def written(field: Field, value: Any) -> Any:
    """Return `value` as an input holds it: text in the person's zone, a list, or a boolean."""
    if value is None:
        return [] if field.kind in LISTS else {} if is_compound(field) else ""
    if field.kind in LISTS or field.kind is Kind.BOOLEAN or is_compound(field):
        return value
    if isinstance(value, dt.datetime):
        return value.astimezone(zone()).strftime(TIDY)
    if field.kind is Kind.JSON:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode()
    return ", ".join(value) if isinstance(value, list | tuple) else str(field.dump(value))


def pairs(field: Field, raw: Any) -> Iterator[tuple[str, str]]:
    """Yield names and values as a form sends what is in its inputs."""
    if is_compound(field):
        yield from compounds.pairs(field, raw)
    elif field.kind in LISTS:
        yield from ((field.name, str(item)) for item in raw)
    elif raw is not False:
        yield field.name, "1" if raw is True else str(raw)


def by_field(problem: Invalid | Conflict | None, known: Iterable[str]) -> dict[str, list[Text]]:
    """Return messages by field; what names no field of the form stands under ""."""
    grouped: dict[str, list[Text]] = {}
    if isinstance(problem, Conflict):
        grouped[""] = [problem.message]
    elif problem is not None:
        names = set(known)
        for error in problem.errors:
            grouped.setdefault(_place(error.field, names), []).append(error.message)
    return grouped


def errors_of(problem: Problem | None, known: Iterable[str]) -> dict[str, list[Text]]:
    """Return what any `problem` says, by the fields of a form; nothing if there is none."""
    if problem is None:
        return {}
    return by_field(problem, known) if isinstance(problem, Invalid) else {"": [problem.message]}


def summary(told: Mapping[str, Iterable[Text]], fields: FieldSet) -> tuple[pages.FieldError, ...]:
    """Return every message for the box above a form; those of fields begin with the label."""
    return tuple(
        pages.FieldError(field=name, message=said_of(fields[name].label, text) if name else text)
        for name, texts in told.items()
        for text in texts
    )


def said_of(label: Text, text: Text) -> Text:
    """Return a message that begins with what it is about."""
    return LazyString(lambda: f"{label}: {text}")


def sections(
    fields: FieldSet, shown: Iterable[pages.FormField], further: Text
) -> tuple[pages.FormSection, ...]:
    """Return the inputs under their headings, those of custom ones without a section `further`."""
    grouped: dict[Text, list[pages.FormField]] = {}
    for item in shown:
        field = fields[item.name]
        title = field.section or (further if field.custom else "")
        grouped.setdefault(str(title), []).append(item)
    return tuple(pages.FormSection(title=title, fields=tuple(items)) for title, items in grouped.items())


def _place(name: str, known: set[str]) -> str:
    if name in known:
        return name
    return next((place for place in known if name.startswith((f"{place}.", f"{place}["))), "")


def zone() -> dt.tzinfo:
    """Return the time zone of the person who types."""
    return ZoneInfo(str(get_timezone() or "UTC"))


def input_of(
    session: Session, actor: Actor, field: Field, value: Any, errors: tuple[Text, ...]
) -> pages.FormField:
    """Return the input of one field."""
    titles = titles_of(session, actor, references({field.name: field}, {field.name: value}))
    return _input(actor, field, value, errors, titles)


def _input(
    actor: Actor, field: Field, value: Any, errors: tuple[Text, ...], titles: Titles
) -> pages.FormField:
    rows, columns = (field.grid.rows, field.grid.columns) if field.grid else ((), ())
    return pages.FormField(
        name=field.name,
        kind=_kind(field),
        label=field.label,
        help=field.help or "",
        value=value,
        errors=errors,
        required=field.required_of(Audience.AGENT) or not field.nullable,
        options=_options(field, value, titles),
        attributes=_attributes(field),
        picker_url=_picker(actor, field),
        create=_create(actor, field),
        parts=compounds.parts(field, value) if is_compound(field) else (),
        heads=(tuple(one.label for one in rows), tuple(one.label for one in columns)),
    )


def _kind(field: Field) -> str:
    if field.grid or field.members:
        return "grid" if field.grid else "members"
    return Kind.MULTI_SELECT.value if field.offers else field.kind.value


def _options(field: Field, value: Any, titles: Titles) -> tuple[pages.Option, ...]:
    if field.offers:
        return tuple(pages.Option(value=one, label=label) for one, label in services.offers(field.offers))
    if field.kind is not Kind.REFERENCE:
        held = value if isinstance(value, list | tuple) else (value,)
        known = (one for one in field.options if not one.deprecated or one.value in held)
        return tuple(pages.Option(value=one.value, label=one.named, help=one.help) for one in known)
    if not _is_number(value):
        return ()
    # What the actor cannot see stays chosen, by number, or saving would empty it.
    title = titles.get((field.reference or "", int(value))) or f"#{value}"
    return (pages.Option(value=value, label=title, selected=True),)


def choosable(field: Field, value: Any) -> Any:
    """Return what an input may hold for a new row: a value without options that are offered no more."""
    if isinstance(value, list | tuple):
        return [one for one in value if one not in field.deprecated_values] if field.options else value
    return "" if isinstance(value, str) and value in field.deprecated_values else value


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 19


def _picker(actor: Actor, field: Field) -> str | None:
    if field.kind is not Kind.REFERENCE or field.reference is None:
        return None
    model = by_table(field.reference)
    if model.resource.desk is not Desk.MANAGE or not may(actor, Can.READ, model):
        return None
    return f"/admin/{field.reference}/pick"


def _create(actor: Actor, field: Field) -> str | None:
    if field.kind is not Kind.REFERENCE or field.reference is None:
        return None
    return field.reference if in_place.offer(actor, by_table(field.reference)) else None


def _attributes(field: Field) -> dict[str, str]:
    rules = field.rules
    found = {"maxlength": rules.max_length if field.kind not in LISTS else None}
    if field.kind is Kind.DATE:
        found |= {"min": rules.minimum, "max": rules.maximum}
    return {name: str(value) for name, value in found.items() if value is not None}


def _default(field: Field) -> Any:
    return field.default if field.default is not None else field.empty


def _several(values: list[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]
