"""The document as a page for people: its operations by resource, and what each error means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.generate.rest.parts import Part

METHODS = ("get", "post", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One line of the page, and what unfolds below it."""

    name: str
    method: str
    path: str
    summary: str
    parameters: tuple[tuple[str, str], ...]
    body: Part | None
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Group:
    """The operations of one resource."""

    name: str
    title: str
    operations: tuple[Operation, ...]


def groups(document: Part) -> tuple[Group, ...]:
    """Return the operations of the document by resource."""
    operations = [*_operations(document)]
    return tuple(
        Group(
            tag["name"], tag["description"], tuple(one for table, one in operations if table == tag["name"])
        )
        for tag in document["tags"]
    )


def _operations(document: Part) -> Iterator[tuple[str, Operation]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield item[method]["tags"][0], _operation(document, method, path, item[method])


def _operation(document: Part, method: str, path: str, said: Part) -> Operation:
    body = said.get("requestBody")
    parameters = [_resolved(document, parameter) for parameter in said.get("parameters", ())]
    return Operation(
        name=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said["summary"],
        parameters=tuple((one["name"], one.get("description", "")) for one in parameters),
        body=_resolved(document, next(iter(body["content"].values()))["schema"]) if body else None,
        answers=tuple(
            (status, _resolved(document, answer)["description"])
            for status, answer in said["responses"].items()
        ),
    )


def _resolved(document: Part, part: Part) -> Part:
    found: Any = document
    if "$ref" not in part:
        return part
    for word in part["$ref"].removeprefix("#/").split("/"):
        found = found[word]
    resolved: Part = found
    return resolved
