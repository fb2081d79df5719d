"""Pages of webhooks that no generator draws."""

from __future__ import annotations

from flask import Flask

from app.views.webhooks.replay import blueprint

__all__ = ["blueprint", "install"]


def install(app: Flask) -> None:
    """Add the pages to the application."""
    app.register_blueprint(blueprint)
