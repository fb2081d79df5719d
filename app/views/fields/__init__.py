"""The fields a desk defined: their order and sections as one layout, and a preview while one is written."""

from __future__ import annotations

from flask import Flask

from app.core.declare import Can
from app.core.i18n import _
from app.generate import leads
from app.models.fields import FieldDefinition
from app.views.fields import layout, preview, retype
from app.views.fields.blueprint import URL, blueprint

__all__ = ["install"]

PAGES = (layout, preview, retype)
"""Each hangs its pages on the blueprint when it is imported."""


def install(app: Flask) -> None:
    """Add the pages to the application, and lead to them from the list and the form of definitions."""
    app.register_blueprint(blueprint)
    leads.preview(FieldDefinition, f"{URL}preview")
    url = f"{URL}type/{{key}}"
    change = leads.Lead(
        label=_("Change type or options"), url=url, icon="refresh-cw", reads=FieldDefinition, can=Can.EDIT
    )
    leads.add(FieldDefinition, change)
