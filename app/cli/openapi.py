"""`openapi`: the description of the API, for programs that are built without a running desk."""

from __future__ import annotations

import click
import orjson
from flask import current_app
from flask.cli import with_appcontext

from app.access import SYSTEM
from app.core.extensions import db
from app.generate.rest.openapi import openapi as document


@click.command()
@with_appcontext
def openapi() -> None:
    """Print the OpenAPI document of everything the API can do, with the custom fields as they are now."""
    said = document(db.session(), SYSTEM, current_app.config["BASE_URL"])
    click.echo(orjson.dumps(said, option=orjson.OPT_INDENT_2).decode())
