"""Hand-written views: inbox, portal, jobs, usage, how lists are arranged, and more. All else is generated."""

from __future__ import annotations

from flask import Flask

from app.views import home, inbox, jobs, lists, portal, usage


def install(app: Flask) -> None:
    """Add every hand-written view to the application."""
    home.install(app)
    inbox.install(app)
    jobs.install(app)
    lists.install(app)
    portal.install(app)
    usage.install(app)
