"""Hand-written views: inbox, portal, jobs, developers, usage, pages around them. The rest is generated."""

from __future__ import annotations

from flask import Flask

from app.views import developers, home, inbox, jobs, portal, usage


def install(app: Flask) -> None:
    """Add every hand-written view to the application."""
    developers.install(app)
    home.install(app)
    inbox.install(app)
    jobs.install(app)
    portal.install(app)
    usage.install(app)
