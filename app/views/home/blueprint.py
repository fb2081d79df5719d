"""The blueprint that the pages of this package share, and who may see what is the employees'."""

from __future__ import annotations

from flask import Blueprint

from app.access import Actor
from app.core.errors import NotFound
from app.generate.identity import current_actor

blueprint = Blueprint("home", __name__)


def employee() -> Actor:
    """Return the employee who asks. Raises NotFound for everybody else."""
    actor = current_actor()
    if not actor.is_employee:
        raise NotFound
    return actor
