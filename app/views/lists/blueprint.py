"""The blueprint that the pages of this package share, and whose list is meant."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from app.access import Actor, require
from app.core.declare import Can
from app.core.errors import NotFound
from app.generate.identity import current_actor
from app.generate.places import listed

blueprint = Blueprint("lists", __name__)


def reader_of(table: str) -> tuple[Actor, Any]:
    """Return the employee who asks, and the thing whose list they see. Raises NotFound for everybody else."""
    actor, model = current_actor(), listed(table)
    if model is None or not actor.is_employee:
        raise NotFound
    require(actor, Can.READ, model)
    return actor, model
