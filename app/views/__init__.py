"""Hand-written views: inbox, portal, access, fields, jobs, developers and more. The rest is generated."""

from __future__ import annotations

from flask import Flask

from app.views import access, developers, fields, home, inbox, jobs, lists, portal, usage


def install(app: Flask) -> None:
    """Add every hand-written view to the application."""
    access.install(app)
    developers.install(app)
    fields.install(app)
    home.install(app)
    inbox.install(app)
    jobs.install(app)
    lists.install(app)
    portal.install(app)
    usage.install(app)
