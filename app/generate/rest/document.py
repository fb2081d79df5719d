"""`/api/v1/openapi.json` and the pages below `/api/v1/docs`: the API as it is now, for this caller."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, current_app, redirect, render_template, request
from flask_appbuilder.api import BaseApi, expose
from werkzeug.wrappers import Response as BaseResponse

from app.core.errors import NotFound
from app.core.extensions import db
from app.generate.identity import current_actor
from app.generate.problem import MEANINGS, WORDS
from app.generate.rest.auth import caller
from app.generate.rest.docs import groups, happenings, operations
from app.generate.rest.openapi import openapi
from app.generate.rest.parts import Part


class DocumentApi(BaseApi):
    """What describes the API: for programs, and for the people who write them."""

    route_base = "/api/v1"
    class_permission_name = "openapi"

    @expose("/openapi.json", methods=["GET"])
    def document(self) -> Response:
        """Answer the OpenAPI 3.1 document of what the caller may do; it changes when the fields do."""
        body = orjson.dumps(openapi(db.session(), caller(), current_app.config["BASE_URL"]))
        response = Response(body, mimetype="application/json")
        response.set_etag(hashlib.sha256(body).hexdigest()[:32])
        response.headers["Cache-Control"] = "private, no-cache"
        response.vary.update(("Authorization", "Accept-Language"))
        response.make_conditional(request.environ)
        return response

    @expose("/docs", methods=["GET"])
    def docs(self) -> str | BaseResponse:
        """Show what there is to a signed-in employee. It only reads, so the cookie is enough."""
        return _read(
            "docs", lambda document: {"groups": groups(document), "meanings": MEANINGS, "words": WORDS}
        )

    @expose("/docs/events", methods=["GET"])
    def events(self) -> str | BaseResponse:
        """Show each type of event with what a receiver is sent."""
        return _read("events", lambda document: {"happenings": happenings(document)})

    @expose("/docs/<tag>", methods=["GET"])
    def resource(self, tag: str) -> str | BaseResponse:
        """Show the operations of one resource."""
        return _read("resource", lambda document: _of_tag(document, tag))


def _read(page: str, facts: Callable[[Part], dict[str, Any]]) -> str | BaseResponse:
    actor = current_actor()
    if not actor.is_employee:
        return redirect(f"/login/?{urlencode({'next': request.path})}")
    document = openapi(db.session(), actor, current_app.config["BASE_URL"])
    return render_template(f"api/{page}.html", document=document, **facts(document))


def _of_tag(document: Part, tag: str) -> dict[str, Any]:
    known = {one["name"]: one["description"] for one in document["tags"]}
    if tag not in known:
        raise NotFound
    return {"title": known[tag], "operations": operations(document, tag)}
