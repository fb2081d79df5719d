"""The pages around the work: the start, the profile, the palette, and whether the desk is well."""

from __future__ import annotations

from flask import Flask

from app.generate.shell import add_places
from app.views.home import health, palette, password, profile, second_factor, security, start
from app.views.home.blueprint import blueprint

__all__ = ["blueprint", "install"]

VIEWS = (start, profile, security, password, second_factor, palette, health)
"""Each hangs its pages on the blueprint when it is imported."""


def install(app: Flask) -> None:
    """Add the pages to the application."""
    app.register_blueprint(blueprint)
    add_places(start.places)
