"""The agents' inbox: queues, a list beside the conversation, and everything one does with a ticket."""

from __future__ import annotations

from flask import Flask

from app.generate import shell
from app.views.inbox import change, macro, merge, reply, show
from app.views.inbox.blueprint import blueprint
from app.views.inbox.places import navigation

__all__ = ["blueprint", "install"]

VIEWS = (show, reply, change, macro, merge)
"""Each hangs its pages on the blueprint when it is imported."""


def install(app: Flask) -> None:
    """Add the inbox to the application, first in the navigation."""
    app.register_blueprint(blueprint)
    shell.add_places(navigation)
