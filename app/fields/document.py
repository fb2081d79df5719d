"""JSON documents against their schema, every finding in the codes that all surfaces share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators

from app.core.errors import FieldError
from app.core.regex import compiled
from app.fields.access import Audience
from app.fields.field import CUSTOM, Field
from app.fields.fieldset import FieldSet
from app.fields.kinds import LISTS, Kind
from app.fields.refusal import Refused
from app.fields.schema import Purpose, json_schema
from app.fields.shapes import SHAPES

_CODES = {
    "enum": "not_an_option",
    "minimum": "too_small",
    "maximum": "too_large",
    "minLength": "too_short",
    "maxLength": "too_long",
    "minItems": "too_few",
    "maxItems": "too_many",
    "pattern": "bad_pattern",
}


DOCUMENT = ""
"""The name under which an error of the whole document is reported."""


def _linear_pattern(_validator: Any, text: str, value: Any, _schema: Any) -> Iterator[ValidationError]:
    """Match by RE2: the library's own `re` can be kept busy for ever by a short text."""
    if isinstance(value, str) and not compiled(text).search(value):
        yield ValidationError("pattern")


_Validator = validators.extend(Draft202012Validator, {"pattern": _linear_pattern})  # type: ignore[no-untyped-call]


def flat(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a document by field name, those of `custom_fields` under their dotted names."""
    custom = document.get(CUSTOM)
    members = {
        name: value for name, value in document.items() if name != CUSTOM or not isinstance(custom, Mapping)
    }
    inner = custom if isinstance(custom, Mapping) else {}
    return members | {f"{CUSTOM}.{key}": value for key, value in inner.items()}


def document_errors(
    fields: FieldSet, document: Any, audience: Audience, purpose: Purpose
) -> dict[str, FieldError]:
    """Return the first error that the schema finds in each field, by name; DOCUMENT is all of it."""
    errors: dict[str, FieldError] = {}
    for found in _validator(fields, audience, purpose).iter_errors(document):
        for name, refused in _findings(fields, found):
            errors.setdefault(name, refused.at(name))
    return errors


def _validator(fields: FieldSet, audience: Audience, purpose: Purpose) -> Any:
    key = ("validator", audience, purpose)
    if key not in fields.memo:
        fields.memo[key] = _Validator(json_schema(fields, audience, purpose))
    return fields.memo[key]


def _findings(fields: FieldSet, found: Any) -> Iterator[tuple[str, Refused]]:
    path = list(found.absolute_path)
    if _is_shaped(fields, found):
        return  # reading the value names every mistake within it
    prefix = f"{CUSTOM}." if path[:1] == [CUSTOM] else ""
    if found.validator == "additionalProperties":
        extra = sorted(set(found.instance) - set(found.schema["properties"]))
        yield from ((prefix + name, Refused("unknown_field")) for name in extra)
    elif found.validator == "required":
        missing = sorted(set(found.validator_value) - set(found.instance))
        yield from ((prefix + name, Refused("required")) for name in missing if name != CUSTOM)
    else:
        name = ".".join(str(step) for step in path[: 2 if prefix else 1])
        yield name, _refused(fields.get(name), found)


def _is_shaped(fields: FieldSet, found: Any) -> bool:
    field = fields.get(next(iter(found.absolute_path), ""))
    return field is not None and field.shape is not None and found.instance is not None


def _refused(field: Field | None, found: Any) -> Refused:
    if field is None:
        return Refused("not_structured")
    if found.instance is None and not _inside(field, found):
        return Refused("required")
    if found.validator in _CODES and field.kind is not Kind.REFERENCE:
        return Refused(_CODES[found.validator], **_facts(field, found))
    return Refused(
        "not_a_text" if _inside(field, found) else SHAPES[field.kind].mismatch, **_facts(field, found)
    )


def _inside(field: Field, found: Any) -> bool:
    return field.kind in LISTS and isinstance(found.absolute_path[-1], int)


def _facts(field: Field, found: Any) -> dict[str, Any]:
    return {
        "minimum": found.validator_value,
        "maximum": found.validator_value,
        "pattern": field.rules.pattern,
        "options": ", ".join(str(option.label) for option in field.offered),
    }
