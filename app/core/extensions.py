"""Extensions, made unbound; the factory binds them to an application."""

from __future__ import annotations

from flask import current_app
from flask_appbuilder import Model
from flask_appbuilder.models.sqla.base import SQLA
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

db = SQLA(metadata=Model.metadata, session_options={"autoflush": False, "expire_on_commit": False})
"""The session; on the metadata of Flask-AppBuilder, so that its tables are ours to migrate.

Nothing is flushed but by a service's own `flush` or the commit: a mere SELECT can then never raise a
rule's error while a form is still being filled."""
migrate = Migrate()
csrf = CSRFProtect()


def redis() -> Redis:
    """Return the application's Redis connection (bytes in, bytes out)."""
    connection: Redis = current_app.extensions["frontdesk_redis"]
    return connection


def queue(name: str) -> Queue:
    """Return the RQ queue `effects` or `bulk`. Arguments travel as JSON: ids only."""
    return Queue(name, connection=redis(), serializer=JSONSerializer, default_timeout=300)
