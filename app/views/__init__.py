"""Hand-written views: inbox, portal, jobs, access, fields, usage and more. All else is generated."""

from __future__ import annotations

from flask import Flask

from app.views import access, fields, home, inbox, jobs, lists, portal, usage


def install(app: Flask) -> None:
    """Add every hand-written view to the application."""
    access.install(app)
    fields.install(app)
    home.install(app)
    inbox.install(app)
    jobs.install(app)
    lists.install(app)
    portal.install(app)
    usage.install(app)
