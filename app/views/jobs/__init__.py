"""A job as it goes on, the files that jobs make, and all that waits in the background."""

from __future__ import annotations

from flask import Flask

from app.core.declare import Menu
from app.generate import shell
from app.views.jobs import files, progress, queues
from app.views.jobs.blueprint import blueprint

__all__ = ["blueprint", "install"]

VIEWS = (progress, files, queues)
"""Each hangs its pages on the blueprint when it is imported."""


def install(app: Flask) -> None:
    """Add the pages to the application, and the queues to the navigation of who may see them."""
    app.register_blueprint(blueprint)
    shell.add_places(queues.navigation, Menu.RECORDS)
