"""The factory: the only module that wires the parts together. Read it as a table of contents.

Importing it loads nothing else: the processes that start and watch the others are small.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """Return the application. Without `settings` they are read from the environment. Runs no statement.

    Raises DeclarationError when a declaration names something that is not there.
    """
    from app.core import late

    late.install()  # before any library is loaded
    from flask import Flask

    from app import cli, views
    from app.generate import checks, console, errors, rest, screens, security, shell, templating, web
    from app.jobs import commands

    app = Flask(__name__)
    app.config.from_mapping(_settings() if settings is None else settings)
    _bind(app)
    with app.app_context():
        checks.declarations()
        builder = security.install(app)  # first: sign-in and languages stand before any view
        templating.install(app)
        shell.install(app)
        screens.install(builder)
        rest.install(builder)
        console.install(app)
        views.install(app)
    errors.install(app)
    web.install(app)
    cli.install(app)
    commands.install(app)
    return app


def _settings() -> dict[str, Any]:
    import config

    return config.settings(os.environ)


def _bind(app: Flask) -> None:
    from redis import Redis

    from app import models, record
    from app.core import alive, copied, prepared
    from app.core.extensions import csrf, db

    models.load()
    db.init_app(app)
    with app.app_context():
        prepared.install(db.engine)
        alive.install(db.engine)
        copied.install(db.engine)
    csrf.init_app(app)
    record.install(db.session)
    app.extensions["frontdesk_redis"] = Redis.from_url(
        app.config["REDIS_URL"], socket_connect_timeout=0.25, socket_timeout=1
    )
