"""Hand-written views: inbox, portal, jobs, API usage, and pages around them. Everything else is generated."""

from __future__ import annotations

from flask import Flask

from app.views import home, inbox, jobs, portal, usage, webhooks


def install(app: Flask) -> None:
    """Add every hand-written view to the application."""
    home.install(app)
    inbox.install(app)
    jobs.install(app)
    portal.install(app)
    usage.install(app)
    webhooks.install(app)
