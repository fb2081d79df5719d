"""Whole inputs checked against the fields: `check` for forms and files, `check_json` for documents.

Both answer the same codes for the same mistakes, and both return typed values by field name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from app.core.errors import FieldError, Invalid
from app.fields.access import Audience
from app.fields.document import DOCUMENT, document_errors, flat
from app.fields.field import Field
from app.fields.fieldset import FieldSet
from app.fields.kinds import Kind
from app.fields.refusal import Refused, error
from app.fields.schema import Purpose


def check(
    fields: FieldSet,
    values: Mapping[str, Any],
    audience: Audience,
    purpose: Purpose,
    zone: dt.tzinfo | None = None,
) -> dict[str, Any]:
    """Return the typed values of what `audience` gave by field name (`custom_fields.seats`).

    On create, defaults of custom fields are filled in. Raises `Invalid` with one error a refused value.
    """
    checked, errors = _checked(fields, values, audience, purpose, zone)
    if errors:
        raise Invalid(errors.values())
    return checked


def check_json(fields: FieldSet, document: Any, audience: Audience, purpose: Purpose) -> dict[str, Any]:
    """Return the typed values of a JSON document, as `check` does; the types of JSON are not bent here.

    Raises `Invalid`: first what the schema says, then what only reading the values can tell.
    """
    errors = document_errors(fields, document, audience, purpose)
    if DOCUMENT in errors:
        raise Invalid(errors.values())
    sound = {name: value for name, value in flat(document).items() if name not in errors}
    checked, more = _checked(fields, sound, audience, purpose, None)
    if errors or more:
        raise Invalid((more | errors).values())
    return checked


def row_errors(fields: FieldSet, row: Any, names: Iterable[str]) -> list[FieldError]:
    """Return what is wrong with the values that `row` has under `names`, whoever set them.

    Structured data of no declared shape is left to the service that writes it, which knows its form.
    """
    known = (fields[name] for name in names if name in fields and _is_known(fields[name]))
    return [
        error
        for field in known
        if (problem := _fault(field, field.read(row)))
        for error in problem.every(field.name)
    ]


def missing(
    fields: FieldSet, row: Any, audience: Audience, on: str, unasked: Container[str] = ()
) -> list[FieldError]:
    """Return an error for each field that `audience` must have filled when `row` is created or resolved.

    `unasked` are names of fields that are not asked for in this row.
    """
    return [
        error(field.name, "required")
        for field in fields.values()
        if field.required_of(audience, on) and field.name not in unasked and field.is_empty(row)
    ]


def _is_known(field: Field) -> bool:
    return field.kind is not Kind.JSON or field.shape is not None


def _fault(field: Field, value: Any) -> Refused | None:
    try:
        typed = field.parse(value)
    except Refused as problem:
        return problem
    return Refused("required") if typed is None and not field.nullable else None


def _checked(
    fields: FieldSet, values: Mapping[str, Any], audience: Audience, purpose: Purpose, zone: dt.tzinfo | None
) -> tuple[dict[str, Any], dict[str, FieldError]]:
    editable = {field.name: field for field in fields.editable(audience)}
    checked: dict[str, Any] = {}
    errors = {name: error(name, "unknown_field") for name in values if name not in editable}
    for field, raw in _asked(fields, editable, values, purpose):
        try:
            value = field.parse(raw, zone)
            _present(field, value, audience, purpose)
        except Refused as problem:
            errors |= {one.field: one for one in problem.every(field.name)}
        else:
            if value is not None or purpose is Purpose.PATCH:
                checked[field.name] = value
    return checked, errors


def _asked(
    fields: FieldSet, editable: Container[str], values: Mapping[str, Any], purpose: Purpose
) -> Iterator[tuple[Field, Any]]:
    """Yield what is to be checked: what was given and, on create, what was not with its default.

    A default holds for those too who may not write the field.
    """
    for name, field in fields.items():
        if name in editable and name in values:
            yield field, values[name]
        elif purpose is Purpose.CREATE and (name in editable or field.default is not None):
            yield field, field.default


def _present(field: Field, value: Any, audience: Audience, purpose: Purpose) -> None:
    if value is not None:
        return
    if field.required_of(audience) or (purpose is Purpose.PATCH and not field.nullable):
        raise Refused("required")
