"""JSON Schema (2020-12) of a table: one object that checks API input and stands in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from flask_babel import get_locale

from app.fields.access import Audience
from app.fields.field import CUSTOM, Field
from app.fields.fieldset import FieldSet
from app.fields.kinds import LISTS, Kind
from app.fields.shaped import schema_of
from app.fields.shapes import SHAPES

Schema = dict[str, Any]


class Purpose(StrEnum):
    """What a document is for. In a patch nothing is required and absent members stay as they are."""

    READ = "read"
    CREATE = "create"
    PATCH = "patch"


def json_schema(fields: FieldSet, audience: Audience, purpose: Purpose) -> Schema:
    """Return the schema of what `audience` reads or writes. Callers share the object: do not change it.

    Custom fields are typed members of `custom_fields`. Members it does not name are refused.
    """
    locale = get_locale()
    key = ("schema", audience, purpose, str(locale))
    if key not in fields.memo:
        fields.memo[key] = _document(_members(fields, audience, purpose), audience, purpose)
    found: Schema = fields.memo[key]
    return found


def _members(fields: FieldSet, audience: Audience, purpose: Purpose) -> tuple[Field, ...]:
    return fields.visible(audience) if purpose is Purpose.READ else fields.editable(audience)


def _document(members: Iterable[Field], audience: Audience, purpose: Purpose) -> Schema:
    columns = [field for field in members if not field.custom]
    custom = [field for field in members if field.custom]
    schema = _object(columns, audience, purpose)
    if custom:
        inner = _object(custom, audience, purpose)
        schema["properties"][CUSTOM] = inner
        if inner.get("required"):
            schema["required"] = [*schema.get("required", ()), CUSTOM]
    return schema


def _object(members: Iterable[Field], audience: Audience, purpose: Purpose) -> Schema:
    members = tuple(members)
    required = [field.key for field in members if _must(field, audience, purpose)]
    return {
        "type": "object",
        "properties": {field.key: member(field, audience, purpose) for field in members},
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }


def _must(field: Field, audience: Audience, purpose: Purpose) -> bool:
    if purpose is Purpose.READ:
        return not field.custom
    if field.show_when:
        return False  # whether it is asked for only the values tell
    return purpose is Purpose.CREATE and field.default is None and field.required_of(audience)


def member(field: Field, audience: Audience, purpose: Purpose) -> Schema:
    """Return the schema of one value, with its label and help."""
    writing = purpose is not Purpose.READ
    schema: Schema = {"title": str(field.label), **SHAPES[field.kind].schema}
    schema |= _bounds(field) if writing else {}
    if field.shape is not None:
        schema |= schema_of(field.shape)
    elif field.kind is Kind.JSON and field.empty is not None:
        schema["type"] = "array" if isinstance(field.empty, list) else "object"
    if field.options:
        schema |= _choice(field, purpose)
    if field.help:
        schema["description"] = str(field.help)
    if field.default is not None and writing:
        schema["default"] = field.default
    if field.deprecated:
        schema["deprecated"] = True
    if field.show_when and writing:
        schema["x-show-when"] = field.show_when
    return schema if _never_empty(field, audience, writing) else _or_null(schema)


def _never_empty(field: Field, audience: Audience, writing: bool) -> bool:
    return (
        field.required_of(audience) or not field.nullable
        if writing
        else not (field.nullable and field.empty is None)
    )


def _bounds(field: Field) -> Schema:
    rules = field.rules
    said: dict[str, Any]
    if field.kind in LISTS:
        said = {"minItems": rules.min_length, "maxItems": rules.max_length}
    elif field.kind in {Kind.INTEGER, Kind.DECIMAL}:
        said = {"minimum": _plain(rules.minimum), "maximum": _plain(rules.maximum)}
    elif field.kind in {Kind.DATE, Kind.DATETIME}:
        said = {"x-minimum": _day(rules.minimum), "x-maximum": _day(rules.maximum)}
    else:
        pattern = rules.pattern and f"^(?:{rules.pattern})$"
        said = {"minLength": rules.min_length, "maxLength": rules.max_length, "pattern": pattern}
    return {word: value for word, value in said.items() if value is not None}


def _plain(bound: Any) -> Any:
    return None if bound is None else SHAPES[Kind.DECIMAL].dump(bound)


def _day(bound: Any) -> str | None:
    return None if bound is None else str(bound.isoformat())


def _choice(field: Field, purpose: Purpose) -> Schema:
    """Return what may stand there: a new row is given no deprecated option, a present one may keep it."""
    said: Schema = {"enum": list(field.values)}
    if purpose is Purpose.CREATE:
        said = {"enum": [option.value for option in field.offered]}
    elif field.deprecated_values:
        said["x-deprecated"] = [one for one in field.values if one in field.deprecated_values]
    return {"items": {"type": "string", **said}} if field.kind in LISTS else said


def _or_null(schema: Mapping[str, Any]) -> Schema:
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    nullable = {**schema, "type": [*types, "null"]}
    if "enum" in schema:
        nullable["enum"] = [*schema["enum"], None]
    return nullable
