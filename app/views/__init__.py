"""Hand-written views: inbox, portal, jobs, access, usage, and pages around them. All else is generated."""

from __future__ import annotations

from flask import Flask

from app.views import access, home, inbox, jobs, portal, usage


def install(app: Flask) -> None:
    """Add every hand-written view to the application."""
    access.install(app)
    home.install(app)
    inbox.install(app)
    jobs.install(app)
    portal.install(app)
    usage.install(app)
