"""What an error looks like from outside: a page for people, problem+json for programs."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, redirect, render_template, request
from flask_jwt_extended.exceptions import JWTExtendedException
from flask_wtf.csrf import CSRFError
from jwt.exceptions import PyJWTError
from psycopg.errors import QueryCanceled
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from app.access import may
from app.core.declare import Can
from app.core.errors import (
    Barred,
    Conflict,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    Problem,
    Stale,
    TooMany,
    TooWide,
    Unauthenticated,
)
from app.core.extensions import db
from app.core.i18n import Text, _
from app.generate.identity import current_actor
from app.generate.pages import Action, NoticePage
from app.generate.problem import problem_json
from app.models.access import AccessGrant

log = logging.getLogger(__name__)

STATUS: dict[type[Problem], int] = {
    Malformed: 400,
    Invalid: 422,
    Stale: 409,
    Conflict: 409,
    NotFound: 404,
    Forbidden: 403,
    Barred: 403,
    Unauthenticated: 401,
    TooMany: 429,
    TooWide: 422,
}
TITLES: dict[int, Text] = {
    400: _("This address or form is not right"),
    401: _("Please sign in"),
    403: _("Not allowed"),
    404: _("Nothing here"),
    405: _("Not like this"),
    409: _("Not in this state"),
    410: _("Gone"),
    413: _("Too large"),
    415: _("Not this kind of content"),
    422: _("Please check"),
    429: _("Too many tries"),
    500: _("Something broke on our side"),
}
TEXTS: dict[int, Text] = {
    404: _("There is nothing here, or you may not see it."),
    405: _("This address does not answer to that."),
    413: _("What you sent is larger than this page takes."),
    500: _("The error was noted. Please try again; if it stays, tell an administrator the number below."),
}


def install(app: Flask) -> None:
    """Hang the answers on `app`."""
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(JWTExtendedException, _token)
    app.register_error_handler(PyJWTError, _token)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(Exception, _bug)


def status_of(problem: Problem) -> int:
    """Return the HTTP status of a problem. To a program, a stale write is a failed precondition."""
    if isinstance(problem, Stale) and is_api():
        return 412
    return next((status for kind, status in STATUS.items() if isinstance(problem, kind)), 400)


def answer(template: str, problem: Problem | None = None, **facts: Any) -> Response:
    """Draw a page, with the status of what went wrong, and when to try again."""
    response = Response(
        render_template(template, **facts), status_of(problem) if problem else 200, mimetype="text/html"
    )
    return _with_wait(response, problem)


def is_api() -> bool:
    """Tell whether the request came by the REST API."""
    return request.path.startswith("/api/")


def _problem(problem: Problem) -> Any:
    db.session.rollback()
    status = status_of(problem)
    if is_api():
        return problem_json(status, problem)
    if status in {404, 401} and not _signed_in():
        return redirect(_sign_in_url())
    return _with_wait(_page(404 if status == 403 else status, problem.message), problem)


def _database(error: OperationalError) -> Any:
    """A statement that took longer than the server lets one is what somebody asked, and can ask otherwise."""
    return _problem(TooWide()) if isinstance(error.orig, QueryCanceled) else _bug(error)


def _with_wait(response: Response, problem: Problem | None) -> Response:
    if isinstance(problem, TooMany):
        response.headers["Retry-After"] = str(max(1, problem.retry_after))
    return response


def _http(error: HTTPException) -> Any:
    if isinstance(error.response, BaseResponse):
        return error.response
    status = error.code or 500
    if is_api():
        answer = problem_json(status, Problem(TEXTS.get(status) or error.description))
    else:
        answer = _page(status, TEXTS.get(status) or TITLES.get(status) or error.description or "")
    for name, value in error.get_headers(request.environ):
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer


def _csrf(error: CSRFError) -> Any:
    """A form without its token: the session ended, or another site sent it."""
    if is_api():
        return problem_json(400, Problem(error.description))
    text = _("Your session ended while the page was open. Go back, reload the page and send it again.")
    return _page(400, text, kept=_typed())


def _typed() -> tuple[str, ...]:
    """Return the texts of the form that was sent, to be copied; nothing secret, and nothing short."""
    words = {name: value for name, value in request.form.items() if name not in SECRET}
    return tuple(value for value in words.values() if len(value) >= WORTH_KEEPING)


SECRET = frozenset({"password", "current", "code", "csrf_token", "offer"})
WORTH_KEEPING = 20
"""Characters that nobody likes to type twice."""


def _token(_error: Exception) -> Any:
    return problem_json(401, Unauthenticated(_("No valid credentials. Send a key or token as bearer.")))


def _bug(error: Exception) -> Any:
    """A mistake of ours: noted with the request's number, told without details."""
    db.session.rollback()
    log.error("Request %s failed: %s %s", g.get("request_id"), request.method, request.path, exc_info=error)
    if is_api():
        return problem_json(500, Problem(TEXTS[500]))
    return _page(500, TEXTS[500])


def _page(status: int, text: Text, kept: tuple[str, ...] = ()) -> Response:
    page = NoticePage(
        more=_why(status),
        title=TITLES.get(status, TITLES[400]),
        text=text,
        code=status,
        icon="circle-alert",
        request_id=g.get("request_id"),
        kept=kept,
        action=Action(label=_("Back to the start"), url="/portal/" if _portal() else "/"),
    )
    return Response(render_template("errors/error.html", page=page), status)


def _why(status: int) -> Action | None:
    """Return the way to an explanation, for who may see who may what."""
    if status not in {403, 404} or _portal() or not may(current_actor(), Can.READ, AccessGrant):
        return None
    return Action(label=_("Why?"), url=f"/access/why?{urlencode({'path': request.path})}", icon="circle-help")


def _portal() -> bool:
    return request.path.startswith("/portal")


def _signed_in() -> bool:
    return "customer" in g and g.customer is not None if _portal() else current_actor().is_employee


def _sign_in_url() -> str:
    target = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return f"{'/portal/sign-in' if _portal() else '/login/'}?{urlencode({'next': target})}"
