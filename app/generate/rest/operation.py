"""One operation as the document tells it, and what all writes have in common there."""

from __future__ import annotations

from typing import Any

from app.core.i18n import Text
from app.generate.rest.parts import Part, reference

IDEMPOTENT = reference("parameters", "IdempotencyKey")
IF_MATCH = reference("parameters", "IfMatch")


def operation(model: Any, name: str, summary: Text, **said: Any) -> Part:
    """Return an operation on `model`; what is sent with an Idempotency-Key says when it is answered again."""
    table = model.__tablename__
    if IDEMPOTENT in said.get("parameters", ()):
        _say_replayed(said["responses"])
    return {"operationId": f"{table}.{name}", "tags": [table], "summary": str(summary), **said}


def schema(name: str) -> Part:
    """Return a reference to the schema called `name`."""
    return reference("schemas", name)


def _say_replayed(responses: Part) -> None:
    for status, told in responses.items():
        if status < "300":
            told["headers"] = told["headers"] | {
                "Idempotency-Replayed": reference("headers", "IdempotencyReplayed")
            }
