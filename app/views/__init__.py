"""Hand-written views: inbox, portal, jobs, settings, API usage, pages around them. All else is generated."""

from __future__ import annotations

from flask import Flask

from app.views import brand, home, inbox, jobs, people, portal, settings, usage


def install(app: Flask) -> None:
    """Add every hand-written view to the application."""
    app.register_blueprint(brand.blueprint)
    home.install(app)
    inbox.install(app)
    jobs.install(app)
    people.install(app)
    portal.install(app)
    settings.install(app)
    usage.install(app)
