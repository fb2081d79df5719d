"""The document as pages for people: for each operation what it takes, what it answers, and how to try it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from app.generate.rest.examples import example_of, resolved
from app.generate.rest.feed import WORDS as FEED
from app.generate.rest.parts import Part
from app.generate.rest.query import WORDS

OWN = {*WORDS, *FEED}
"""Parameters in the address that are no filters."""
METHODS = ("get", "post", "patch", "delete")
LISTED = 12
"""Options of a value that are named; of more only the first."""


@dataclass(frozen=True)
class Member:
    """A line of a table: a parameter, or a member of a body or an answer."""

    name: str
    kind: str
    text: str
    needed: bool = False


@dataclass(frozen=True)
class Answer:
    """What comes back: its members, and an example as it is sent."""

    status: str
    text: str
    members: tuple[Member, ...]
    example: Any


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked, with the command that asks it."""

    name: str
    method: str
    path: str
    summary: str
    parameters: tuple[Member, ...]
    filters: tuple[Member, ...]
    body: tuple[Member, ...]
    curl: str
    answers: tuple[Answer, ...]
    problems: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Group:
    """The operations of one resource: method, path, summary and name of each."""

    name: str
    title: str
    operations: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True)
class Happening:
    """A type of event, and what a receiver is sent."""

    name: str
    text: str
    example: Any


def groups(document: Part) -> tuple[Group, ...]:
    """Return what there is, by resource."""
    said = [*_said(document)]
    return tuple(
        Group(
            tag["name"],
            tag["description"],
            tuple(
                (method.upper(), path, one["summary"], one["operationId"])
                for method, path, one in said
                if tag["name"] in one["tags"]
            ),
        )
        for tag in document["tags"]
    )


def operations(document: Part, tag: str) -> tuple[Operation, ...]:
    """Return the operations of one resource, in full."""
    return tuple(
        _operation(document, method, path, one) for method, path, one in _said(document) if tag in one["tags"]
    )


def happenings(document: Part) -> tuple[Happening, ...]:
    """Return the types of events the reader may see, each with an example."""
    return tuple(
        Happening(name, said["post"]["summary"], example_of(document, _schema(said["post"]["requestBody"])))
        for name, said in document["webhooks"].items()
    )


def _said(document: Part) -> Iterator[tuple[str, str, Part]]:
    for path, item in document["paths"].items():
        yield from ((method, path, item[method]) for method in METHODS if method in item)


def _operation(document: Part, method: str, path: str, said: Part) -> Operation:
    parameters = [_parameter(document, one) for one in said.get("parameters", ())]
    words = [one for one, is_filter in parameters if not is_filter]
    body = said.get("requestBody")
    return Operation(
        name=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said["summary"],
        parameters=tuple(words),
        filters=tuple(one for one, is_filter in parameters if is_filter),
        body=tuple(_members(document, _schema(body))) if body else (),
        curl=_curl(document, method, path, body),
        answers=tuple(_answers(document, said["responses"])),
        problems=tuple(
            (status, resolved(document, one["$ref"])["description"])
            for status, one in said["responses"].items()
            if "$ref" in one
        ),
    )


def _parameter(document: Part, said: Part) -> tuple[Member, bool]:
    """Return a parameter, and whether it is a filter by a member."""
    one = resolved(document, said["$ref"]) if "$ref" in said else said
    kind = _kind(document, one["schema"])
    default = one["schema"].get("default")
    text = one.get("description", "") or (f"= {default}" if default is not None else "")
    is_filter = one["in"] == "query" and one["name"] not in OWN
    return Member(one["name"], kind, text, one.get("required", False)), is_filter


def _answers(document: Part, responses: Part) -> Iterator[Answer]:
    for status, one in responses.items():
        if "$ref" not in one:
            media = one.get("content", {}).get("application/json", {})
            members = tuple(_members(document, media["schema"])) if media else ()
            yield Answer(status, one["description"], members, media.get("example"))


def _members(document: Part, schema: Part, before: str = "") -> Iterator[Member]:
    """Yield the members of an object, those of objects within under dotted names."""
    whole = _whole(document, schema)
    for name, one in whole.get("properties", {}).items():
        text = " · ".join(dict.fromkeys(one[word] for word in ("title", "description") if word in one))
        yield Member(before + name, _kind(document, one), text, name in whole.get("required", ()))
        inner = one["items"] if one.get("type") == "array" and "items" in one else one
        if not before:
            yield from _members(document, inner, f"{name}[]." if inner is not one else f"{name}.")


def _whole(document: Part, schema: Part) -> Part:
    """Return an object's schema without references; of several that it may be, all members of all."""
    found = resolved(document, schema["$ref"]) if "$ref" in schema else schema
    if "properties" in found or "oneOf" not in found:
        return found
    variants = [_whole(document, one) for one in found["oneOf"]]
    members = {name: one for variant in reversed(variants) for name, one in variant["properties"].items()}
    verbs = [variant["properties"]["verb"]["const"] for variant in variants]
    return {**variants[0], "properties": members | {"verb": {"type": "string", "enum": verbs}}}


def _kind(document: Part, schema: Mapping[str, Any]) -> str:
    """Return in short what a value may be."""
    if "$ref" in schema:
        return _kind(document, resolved(document, schema["$ref"]))
    if "enum" in schema:
        options = [str(one) for one in schema["enum"] if one is not None]
        more = [f"… ({len(options)})"] if len(options) > LISTED else []
        return " | ".join([*options[:LISTED], *more])
    if "const" in schema:
        return str(schema["const"])
    kinds = schema.get("type", "object")
    named = [kinds] if isinstance(kinds, str) else kinds
    words = [f"{_kind(document, schema['items'])}[]" if "items" in schema and one == "array" else one
             for one in named]  # fmt: skip
    return " | ".join(words) + (f" ({schema['format']})" if "format" in schema else "")


def _schema(body: Part) -> Part:
    schema: Part = next(iter(body["content"].values()))["schema"]
    return schema


def _curl(document: Part, method: str, path: str, body: Part | None) -> str:
    """Return the command that asks this, with the example as its body."""
    words = "" if method == "get" else f"-X {method.upper()} "
    lines = [
        f'curl {words}"{document["servers"][0]["url"]}{path.replace("{id}", "1")}"',
        '-H "Authorization: Bearer $KEY"',
    ]
    if body is not None:
        kind, media = next(iter(body["content"].items()))
        example = media.get("example", {})
        text = example if isinstance(example, str) else orjson.dumps(example).decode()
        sent = text.replace("'", "'\\''")
        lines += [f'-H "Content-Type: {kind}"', f"--data-binary '{sent}'"]
    return " \\\n  ".join(lines)
