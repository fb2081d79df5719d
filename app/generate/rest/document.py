"""`/api/v1/openapi.json` and `/api/v1/docs`: the API as it is now, for this caller."""

from __future__ import annotations

import hashlib
from urllib.parse import urlencode

import orjson
from flask import Response, current_app, redirect, render_template, request
from flask_appbuilder.api import BaseApi, expose
from werkzeug.wrappers import Response as BaseResponse

from app.core.extensions import db
from app.generate.identity import current_actor
from app.generate.problem import MEANINGS, WORDS
from app.generate.rest.auth import caller
from app.generate.rest.docs import groups
from app.generate.rest.openapi import openapi


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
        """Show the document to a signed-in employee. It only reads, so the cookie is enough."""
        actor = current_actor()
        if not actor.is_employee:
            return redirect(f"/login/?{urlencode({'next': request.path})}")
        document = openapi(db.session(), actor, current_app.config["BASE_URL"])
        return render_template(
            "api/docs.html", document=document, groups=groups(document), meanings=MEANINGS, words=WORDS
        )
