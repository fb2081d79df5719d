"""An example of any schema of the document: the same each time, and valid by the schema it is made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.generate.rest.parts import Part

FORMATS = {
    "date-time": "2026-01-31T09:30:00Z",
    "date": "2026-01-31",
    "email": "ann@example.com",
    "uri": "https://example.com/hook",
    "uri-reference": "/api/v1/docs#error-422",
}
DEEPEST = 6
"""Levels below which nothing is made up."""


class Unknown(Exception):
    """No example is known of a value that is needed."""


def add_examples(document: Part) -> None:
    """Put an example beside every body and every answer in JSON of the document that one is known of."""
    for item in document["paths"].values():
        for operation in item.values():
            said = [operation.get("requestBody", {}), *operation["responses"].values()]
            for media in (media for one in said for media in one.get("content", {}).values()):
                whole_file = "contentMediaType" in media["schema"]
                found = None if whole_file else example_of(document, media["schema"])
                if found is not None:
                    media["example"] = found


def example_of(document: Part, schema: Part) -> Any:
    """Return a value that `schema` allows, None where no one is known."""
    try:
        return _value(schema, lambda reference: resolved(document, reference), DEEPEST)
    except Unknown:
        return None


def resolved(document: Part, reference: str) -> Part:
    """Return the part of the document that a reference names."""
    found: Any = document
    for word in reference.removeprefix("#/").split("/"):
        found = found[word]
    part: Part = found
    return part


Resolve = Callable[[str], Part]


def _value(schema: Mapping[str, Any], resolve: Resolve, left: int) -> Any:
    if "$ref" in schema:
        return _value(resolve(schema["$ref"]), resolve, left)
    if "examples" in schema:
        return schema["examples"][0]
    for word in ("const", "default"):
        if word in schema:
            return schema[word]
    if "enum" in schema:
        return next((value for value in schema["enum"] if value is not None), None)
    if "properties" not in schema and (either := schema.get("oneOf") or schema.get("anyOf")):
        return _value(either[0], resolve, left)
    kinds = schema.get("type", "object")
    kind = kinds if isinstance(kinds, str) else next(one for one in kinds if one != "null")
    if left == 0:
        raise Unknown
    return MAKERS[kind](schema, resolve, left - 1)


def _object(schema: Mapping[str, Any], resolve: Resolve, left: int) -> dict[str, Any]:
    """Return an object with what it needs, and what holds members; where nothing is needed, with all."""
    variant: Mapping[str, Any] = schema["oneOf"][0] if "oneOf" in schema else {}
    needed = {*schema.get("required", ()), *variant.get("required", ())}
    found = {}
    for name, member in schema.get("properties", {}).items():
        if needed and name not in needed and "properties" not in member:
            continue
        try:
            found[name] = _value(member, resolve, left)
        except Unknown:
            if name in needed:
                raise
    return found


def _array(schema: Mapping[str, Any], resolve: Resolve, left: int) -> list[Any]:
    if "items" not in schema:
        return []
    return [_value(schema["items"], resolve, left)] * max(1, schema.get("minItems", 1))


def _string(schema: Mapping[str, Any], _resolve: Resolve, _left: int) -> str:
    if "pattern" in schema:
        raise Unknown
    text = FORMATS.get(schema.get("format", ""), "Words")
    return text.ljust(schema.get("minLength", 0), ".")[: schema.get("maxLength")]


def _number(schema: Mapping[str, Any], _resolve: Resolve, _left: int) -> Any:
    low, high = schema.get("minimum", 1), schema.get("maximum", 1)
    return max(low, min(1, high))


MAKERS: dict[str, Callable[[Mapping[str, Any], Resolve, int], Any]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _number,
    "number": _number,
    "boolean": lambda _schema, _resolve, _left: True,
    "null": lambda _schema, _resolve, _left: None,
}
