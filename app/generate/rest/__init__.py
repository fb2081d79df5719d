"""REST v1: the declared resources as JSON, with the live OpenAPI document that describes them."""

from __future__ import annotations

from flask import current_app
from flask_appbuilder import AppBuilder

from app import models
from app.generate.rest import calls, rate
from app.generate.rest.api import api_of, is_served
from app.generate.rest.document import DocumentApi
from app.generate.rest.feed import ChangesApi


def install(builder: AppBuilder) -> None:
    """Register an API for every declared resource that has one, and the document. Runs no statement."""
    for model in models.load():
        if is_served(model):
            builder.add_api(api_of(model))
    builder.add_api(ChangesApi)
    builder.add_api(DocumentApi)
    current_app.after_request(calls.note)
    current_app.after_request(rate.tell)
