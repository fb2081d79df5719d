"""The pieces of the document that every operation uses: answers, errors, headers, parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.core.i18n import Text, _
from app.criteria import operators_of
from app.fields import Field, FieldSet
from app.generate.problem import MEANINGS, WORDS
from app.generate.rest.query import LIMIT, LONGEST, MOST, filterable, sortable, words_of

Part = dict[str, Any]
COMPARED = ("gte", "lte", "contains", "empty")
"""Operators of filters, where the kind of the field has them."""
KEY: Part = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
MERGED = ("application/json", "application/merge-patch+json")

PROBLEM: Part = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
        "request_id": {"type": ["string", "null"]},
        "version": {"type": "integer", "description": "The version now, when the caller's is stale."},
    },
}
FIELD_ERROR: Part = {
    "type": "object",
    "required": ["field", "code", "message"],
    "properties": {name: {"type": "string"} for name in ("field", "code", "message")},
}


def headers() -> Part:
    """Return the headers of answers as components."""
    text, number = {"type": "string"}, {"type": "integer", "minimum": 0}
    return {
        "RequestId": {
            "schema": text,
            "description": str(_("The number of the request, also in every log.")),
        },
        "ETag": {
            "schema": text,
            "description": str(_("The version; send it back as If-Match, or If-None-Match.")),
        },
        "Location": {
            "schema": text | {"format": "uri-reference"},
            "description": str(_("Where the new row is.")),
        },
        "IdempotencyReplayed": {
            "schema": {"const": "true"},
            "description": str(_("This was done before, and is answered again.")),
        },
        "RetryAfter": {"schema": number, "description": str(_("Seconds to wait."))},
        "RateLimitLimit": {"schema": number, "description": str(_("Calls in any 60 seconds."))},
        "RateLimitRemaining": {"schema": number, "description": str(_("Calls that may be made now."))},
        "RateLimitReset": {
            "schema": number,
            "description": str(_("Seconds until there is room for one more.")),
        },
    }


ALWAYS: Part = {
    "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
    "RateLimit-Limit": {"$ref": "#/components/headers/RateLimitLimit"},
    "RateLimit-Remaining": {"$ref": "#/components/headers/RateLimitRemaining"},
    "RateLimit-Reset": {"$ref": "#/components/headers/RateLimitReset"},
}
"""Headers of every answer to a caller who is known."""


def parameters() -> Part:
    """Return the headers of writes as components."""
    text = {"type": "string"}
    fresh = _("The ETag of the version that was read; another one now is refused with 412.")
    once = _("A key of your own for this write. Sent again within 24 hours it is answered alike.")
    return {
        "IfNoneMatch": {
            "name": "If-None-Match", "in": "header", "schema": text,
            "description": str(_("The ETag of what is known already; if it still holds, the answer is 304.")),
        },
        "IfMatch": {"name": "If-Match", "in": "header", "schema": text, "description": str(fresh)},
        "IdempotencyKey": {
            "name": "Idempotency-Key", "in": "header", "schema": text | {"maxLength": 200},
            "description": str(once),
        },
    }  # fmt: skip


def reference(group: str, name: Any) -> Part:
    """Return a reference to a component."""
    return {"$ref": f"#/components/{group}/{name}"}


def json_body(schema: Part, types: tuple[str, ...] = MERGED[:1], *, required: bool = True) -> Part:
    """Return the description of a request body."""
    return {"required": required, "content": {kind: {"schema": schema} for kind in types}}


def json_answer(description: Text, schema: Part, *headers: str) -> Part:
    """Return the description of an answer with the headers it has besides those of all."""
    return {
        "description": str(description),
        "headers": ALWAYS | {name: reference("headers", name) for name in headers},
        "content": {"application/json": {"schema": schema}},
    }


IF_NONE_MATCH: Part = {"$ref": "#/components/parameters/IfNoneMatch"}


def unchanged() -> Part:
    """Return the answer to whoever has what they ask for already."""
    return {"304": {"description": str(_("Not changed")), "headers": ALWAYS}}


def problems(*statuses: int) -> Part:
    """Return references to the errors an operation can answer with."""
    return {str(status): reference("responses", f"Problem{status}") for status in (*statuses, 401, 429, 500)}


def problem_responses() -> Part:
    """Return every error answer as a component."""
    return {f"Problem{status}": _problem(status, title) for status, title in WORDS.items()}


def _problem(status: int, title: str) -> Part:
    body = {"schema": reference("schemas", "Problem"), "example": _example(status, title)}
    waiting = {"Retry-After": reference("headers", "RetryAfter")} if status == 429 else {}
    return {
        "description": title,
        "headers": ALWAYS | waiting,
        "content": {"application/problem+json": body},
    }


def _example(status: int, title: str) -> Part:
    errors = [
        {
            "field": "email",
            "code": "not_an_email",
            "message": str(_("Write an address like ann@example.com.")),
        }
    ]
    return {
        "type": f"/api/v1/docs#error-{status}",
        "title": title,
        "status": status,
        "detail": str(MEANINGS[status]),
        "errors": errors if status in {400, 422} else [],
        "request_id": "59bfd99ef6a54f06",
        **({"version": 4} if status == 412 else {}),
    }


def list_of(name: str) -> Part:
    """Return the schema of a list."""
    return {
        "type": "object",
        "required": ["data", "next"],
        "additionalProperties": False,
        "properties": {
            "data": {"type": "array", "items": reference("schemas", name), "maxItems": MOST},
            "next": {
                "type": ["string", "null"],
                "description": str(_("The cursor of the next page; null on the last.")),
                "examples": ["WyIyMDI2LTAxLTMxIiw0MDIsZmFsc2Vd"],
            },
            "total": {"type": "integer", "description": str(_("Only when asked for; counted up to 1,000."))},
            "total_capped": {"type": "boolean", "description": str(_("There are more than were counted."))},
        },
    }


def list_parameters(model: Any, fields: FieldSet) -> Iterator[Part]:
    """Yield the parameters of a list: order, page, words, then a filter for each field."""
    words = words_of(model, fields)
    orders = sortable(model, fields)
    schemas: dict[str, Part] = {
        "q": {"type": "string", "maxLength": LONGEST},
        "sort": {"type": "string", "enum": [*orders, *(f"-{name}" for name in orders)]},
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
        "cursor": {"type": "string"},
        "total": {"type": "string", "enum": ["0", "1"], "default": "0"},
        "updated_since": {"type": "string", "format": "date-time"},
    }
    for word in words:
        text = str(MEANT[word])
        yield {"name": word, "in": "query", "schema": schemas[word], "description": text}
    for name in filterable(fields):
        yield from _filters(fields[name])


MEANT = {
    "q": _("Words to search for."),
    "sort": _("What to order by; - in front for descending."),
    "limit": _("Rows of a page."),
    "cursor": _("What stood under next on the page before."),
    "total": _("1 counts the rows as well."),
    "updated_since": _("Rows changed since then."),
}
"""What the parameters of every list mean."""


def _filters(field: Field) -> Iterator[Part]:
    known = operators_of(field.kind)
    yield _filter(field, field.name)
    for operator in COMPARED:
        if operator in known:
            yield _filter(field, f"{field.name}[{operator}]")


def _filter(field: Field, name: str) -> Part:
    schema = {"type": "string", "maxLength": LONGEST}
    return {"name": name, "in": "query", "description": str(field.label), "schema": schema}


DESCRIPTION = _(
    "Every answer carries X-Request-Id. Errors are application/problem+json. Lists are read page by page: "
    "send what stands under next as cursor. A filter is a member's name with one value, or several with "
    "commas between them, or with an operator: created_at[gte], title[contains], assignee_id[empty]=1. In "
    "PATCH, members left out stay as they are and null empties one."
)
