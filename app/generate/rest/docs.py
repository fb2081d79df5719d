"""The document as a page for people: its operations by resource, and what each error means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.core.i18n import Text, _
from app.generate.rest.parts import Part

METHODS = ("get", "post", "patch", "delete")
MEANINGS: dict[int, Text] = {
    400: _("The request is malformed, or names a parameter or member that is not there. Errors name it."),
    401: _("There is no key or token, or it has expired or was revoked."),
    403: _("The key lacks a scope, or may not be used from this address. The detail names it."),
    404: _("There is no such row, or you may not see it."),
    405: _("This address does not answer to this method. The header Allow says which it knows."),
    409: _("The state of the row forbids this, for example because it is archived."),
    412: _("Somebody else changed the row since you read it. Read it again; version is what it is now."),
    413: _("The body is larger than 1 MiB."),
    415: _("The body is not sent as application/json."),
    422: _("One or more values are wrong. Errors name each field, with a stable code and the remedy."),
    429: _("Too many requests. Wait for the seconds that the header Retry-After says."),
    500: _("The mistake is ours. It was noted under the request's number."),
}


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
