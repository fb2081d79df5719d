"""RFC 9457: the errors of the API."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, g

from app.core.errors import Invalid, Problem, Stale, TooMany

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
