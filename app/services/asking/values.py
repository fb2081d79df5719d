"""Typed values into a row, whoever writes: none that nobody asked for, and all that must be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app.core.errors import FieldError, Invalid
from app.core.i18n import _
from app.fields import CUSTOM, Audience, default_of, fields_of, missing
from app.record import act_of
from app.services.asking.audience import audience_of, not_told
from app.services.asking.conditions import unasked
from app.services.asking.references import astray

ENDED = _("Some fields must be filled before this can be resolved.")


def fill(session: Session, row: Any, values: Mapping[str, Any]) -> None:
    """Set typed values; members of `custom_fields` are merged, null empties one.

    What a row keeps of an older type, and nobody can read, stays where nothing is given in its place.
    Values of fields that are not asked for are dropped. Raises Invalid where a reference leads nowhere, or a
    saved row would lose a value that must be there.
    """
    fields = fields_of(session, type(row))
    before = {name: fields[name].read(row) for name in _names(values) if name in fields}
    for name, value in values.items():
        setattr(row, name, _merged(row.custom_fields, value, before) if name == CUSTOM else value)
    for name in unasked(fields, row, not_told(session, type(row))) & before.keys():
        fields[name].write(row, before[name])
    changed = [name for name, value in before.items() if fields[name].read(row) != value]
    _refuse(astray(session, act_of(session).actor, fields, row, changed))
    if inspect(row).persistent:
        lost = [name for name, value in before.items() if value is not None and fields[name].is_empty(row)]
        _refuse([error for error in _missing(session, row, "create") if error.field in lost])


def demand(session: Session, row: Any) -> None:
    """Raise Invalid naming each field that whoever acts must have filled in a new row."""
    found = _missing(session, row, "create")
    _refuse([error for error in found if default_of(type(row), error.field) is None])


def demand_end(session: Session, row: Any) -> None:
    """Raise Invalid naming each field that must be filled before `row` is resolved.

    Customers and the program end a ticket as it is.
    """
    if audience_of(session) is not Audience.CUSTOMER:
        _refuse(_missing(session, row, "resolve"), ENDED)


def _missing(session: Session, row: Any, on: str) -> list[FieldError]:
    audience = audience_of(session)
    if audience is None:
        return []
    fields = fields_of(session, type(row))
    return missing(fields, row, audience, on, unasked(fields, row, not_told(session, type(row))))


def _refuse(errors: list[FieldError], message: Any = None) -> None:
    if errors:
        raise Invalid(errors, message)


def _names(values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        if name == CUSTOM:
            yield from (f"{CUSTOM}.{key}" for key in value or ())
        else:
            yield name


def _merged(
    kept: Mapping[str, Any] | None, given: Mapping[str, Any] | None, before: Mapping[str, Any]
) -> dict[str, Any]:
    unread = {key for key, member in (given or {}).items() if member is before.get(f"{CUSTOM}.{key}") is None}
    merged = {**(kept or {}), **{key: one for key, one in (given or {}).items() if key not in unread}}
    return {key: member for key, member in merged.items() if member is not None}
