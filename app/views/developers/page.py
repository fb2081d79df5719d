"""`/developers/`: what presses, what there is, and where to read on."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from app.core.declare import Menu
from app.core.errors import NotFound
from app.core.extensions import db
from app.generate import shell
from app.generate.attention import matters
from app.generate.identity import current_actor

blueprint = Blueprint("developers", __name__)
URL = "/developers/"
DOCS, EVENTS = "/api/v1/docs", "/api/v1/docs/events"


@blueprint.get(URL)
def show() -> str:
    """Show it to who may see any of the screens of its group."""
    actor = current_actor()
    if not shell.stands_in(Menu.DEVELOPERS, actor):
        raise NotFound
    return render_template(
        "developers/developers.html",
        matters=matters(db.session(), actor, Menu.DEVELOPERS),
        places=[item for item in shell.places(Menu.DEVELOPERS, actor) if item.url != URL],
        base_url=current_app.config["BASE_URL"],
    )
