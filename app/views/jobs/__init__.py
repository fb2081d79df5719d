"""A job as it goes on, and the files that jobs make."""

from __future__ import annotations

from flask import Flask

from app.views.jobs import files, progress
from app.views.jobs.blueprint import blueprint

__all__ = ["blueprint", "install"]

VIEWS = (progress, files)
"""Each hangs its pages on the blueprint when it is imported."""


def install(app: Flask) -> None:
    """Add the pages to the application."""
    app.register_blueprint(blueprint)
