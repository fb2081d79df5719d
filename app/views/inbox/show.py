"""Looking: a queue, and a ticket beside it."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.views.inbox.address import Address
from app.views.inbox.blueprint import agent, blueprint
from app.views.inbox.page import draw


@blueprint.get("/")
def first() -> Response:
    """Lead to the agent's own queue."""
    agent()
    return redirect(url_for("inbox.view", view="mine"))


@blueprint.get("/<view>/")
@blueprint.get("/<view>/<int:number>")
def view(view: str, number: int | None = None) -> str:
    """Show a queue, with the ticket `number` beside it."""
    return draw(agent(), Address.asked(view), number)
