"""RFC 9457: the errors of the API."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, g

from app.core.errors import Invalid, Problem, Stale, TooMany
from app.core.i18n import Text, _

WORDS = {
    400: "Malformed request",
    401: "No valid credentials",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "The state forbids it",
    412: "Stale",
    413: "Body too large",
    415: "Unsupported media type",
    422: "A value is wrong",
    429: "Too many requests",
    500: "Internal error",
}
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
"""What each status means, and what is to be done."""


def problem_json(status: int, problem: Problem) -> Response:
    """Return the answer of `problem`: type, title, status, detail, errors and the request's id."""
    body: dict[str, Any] = {
        "type": f"/api/v1/docs#error-{status}",
        "title": WORDS.get(status, "Error"),
        "status": status,
        "detail": str(problem.message),
        "errors": [],
        "request_id": g.get("request_id"),
    }
    if isinstance(problem, Invalid):
        body["errors"] = [
            {"field": error.field, "code": error.code, "message": str(error.message)}
            for error in problem.errors
        ]
    if isinstance(problem, Stale) and problem.current is not None:
        body["version"] = problem.current
    answer = Response(orjson.dumps(body), status, mimetype="application/problem+json")
    if isinstance(problem, TooMany):
        answer.headers["Retry-After"] = str(max(1, problem.retry_after))
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer
