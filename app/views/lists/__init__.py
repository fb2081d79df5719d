"""How people arrange generated lists: the columns they like, and the saved view a list opens with."""

from __future__ import annotations

from flask import Flask

from app.views.lists import columns, saved
from app.views.lists.blueprint import blueprint

__all__ = ["blueprint", "install"]

VIEWS = (columns, saved)
"""Each hangs its pages on the blueprint when it is imported."""


def install(app: Flask) -> None:
    """Add the pages to the application."""
    app.register_blueprint(blueprint)
