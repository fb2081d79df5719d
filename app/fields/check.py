"""Whole inputs checked against the fields: `check` for forms and files, `check_json` for documents.

Both answer the same codes for the same mistakes, and both return typed values by field name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.errors import FieldError, Invalid
from app.fields.access import Audience
from app.fields.becoming import options_in
from app.fields.document import DOCUMENT, document_errors, flat
from app.fields.field import Field
from app.fields.fieldset import FieldSet
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
    return [
        error
        for name in names
        if name in fields and (field := fields[name]).has_form
        if (problem := _fault(field, field.read(row)))
        for error in problem.every(field.name)
    ]


def deprecated_errors(fields: FieldSet, row: Any, before: Mapping[str, Any]) -> list[FieldError]:
    """Return an error for each deprecated option that `row` is given: it had none `before`, by column."""
    found = []
    for field in fields.narrowed:
        kept = before.get(field.column)
        kept = (kept or {}).get(field.key) if field.custom else kept
        try:
            field.refuse_deprecated(field.read(row), options_in(field, kept))
        except Refused as problem:
            found.append(problem.at(field.name))
    return found


def missing(
    fields: FieldSet, row: Any, audience: Audience, on: str, unasked: Container[str] = ()
) -> list[FieldError]:
    """Return an error for each field that `audience` must have filled when `row` is created or resolved.

    `unasked` are names of fields that are not asked for in this row.
    """
    return [
        error(field.name, "required")
        for field in _required(fields, audience, on)
        if field.name not in unasked and field.is_empty(row)
    ]


def _required(fields: FieldSet, audience: Audience, on: str) -> tuple[Field, ...]:
    """Return the fields that `audience` must fill, worked out once for all rows."""
    key = ("required", audience, on)
    if key not in fields.memo:
        fields.memo[key] = tuple(field for field in fields.values() if field.required_of(audience, on))
    found: tuple[Field, ...] = fields.memo[key]
    return found


def _fault(field: Field, value: Any) -> Refused | None:
    if value is None:
        return None if field.nullable else Refused("required")
    try:
        typed = field.parse(value)
    except Refused as problem:
        return problem
    return Refused("required") if typed is None and not field.nullable else None


def _checked(
    fields: FieldSet, values: Mapping[str, Any], audience: Audience, purpose: Purpose, zone: dt.tzinfo | None
) -> tuple[dict[str, Any], dict[str, FieldError]]:
    questions = _questions(fields, audience, purpose)
    checked: dict[str, Any] = {}
    errors = {
        name: error(name, "unknown_field")
        for name in values
        if name not in questions or not questions[name].is_open
    }
    for name, asked in questions.items():
        given = asked.is_open and name in values
        if not given and not asked.has_default:
            continue
        try:
            value = asked.read(values[name] if given else asked.field.default, zone)
        except Refused as problem:
            errors |= {one.field: one for one in problem.every(name)}
        else:
            if value is not None or purpose is Purpose.PATCH:
                checked[name] = value
    return checked, errors


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of one audience about one field: it may answer (`is_open`), else the default counts.

    A new row (`is_new`) has no value that it might keep.
    """

    field: Field
    is_new: bool
    is_open: bool
    has_default: bool
    is_required: bool

    def read(self, raw: object, zone: dt.tzinfo | None) -> Any:
        """Return the typed value of what was given. Raises Refused."""
        value = self.field.parse(raw, zone)
        if self.is_new:
            self.field.refuse_deprecated(value)
        if value is None and self.is_required:
            raise Refused("required")
        return value


def _questions(fields: FieldSet, audience: Audience, purpose: Purpose) -> Mapping[str, _Question]:
    """Return what is to be checked, worked out once for all rows: on create, what was not given too.

    A default holds for those too who may not write the field.
    """
    key = ("questions", audience, purpose)
    if key not in fields.memo:
        asked = (_question(field, audience, purpose) for field in fields.values())
        fields.memo[key] = {one.field.name: one for one in asked if one.is_open or one.has_default}
    found: Mapping[str, _Question] = fields.memo[key]
    return found


def _question(field: Field, audience: Audience, purpose: Purpose) -> _Question:
    is_open, patch = field.editable_by(audience), purpose is Purpose.PATCH
    is_new = purpose is Purpose.CREATE
    return _Question(
        field,
        is_new,
        is_open,
        is_new and (is_open or field.default is not None),
        field.required_of(audience) or (patch and not field.nullable),
    )
