"""Hand-written views: inbox, portal, access, fields, jobs, developers and more. The rest is generated."""

from __future__ import annotations

from flask import Flask

from app.views import (
    access,
    brand,
    developers,
    fields,
    home,
    inbox,
    jobs,
    lists,
    people,
    portal,
    settings,
    usage,
    webhooks,
)


def install(app: Flask) -> None:
    """Add every hand-written view to the application."""
    access.install(app)
    app.register_blueprint(brand.blueprint)
    developers.install(app)
    fields.install(app)
    home.install(app)
    inbox.install(app)
    jobs.install(app)
    lists.install(app)
    people.install(app)
    portal.install(app)
    settings.install(app)
    usage.install(app)
    webhooks.install(app)
