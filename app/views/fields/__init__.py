"""The fields a desk defined: their order and sections as one layout, and a preview while one is written."""

from __future__ import annotations

from flask import Flask

from app.generate import leads
from app.models.fields import FieldDefinition
from app.views.fields import layout, preview
from app.views.fields.blueprint import URL, blueprint

__all__ = ["install"]

PAGES = (layout, preview)
"""Each hangs its pages on the blueprint when it is imported."""


def install(app: Flask) -> None:
    """Add the pages to the application, and the preview to the form of a definition."""
    app.register_blueprint(blueprint)
    leads.preview(FieldDefinition, f"{URL}preview")
