"""The blueprint of the inbox, and who may enter."""

from __future__ import annotations

from flask import Blueprint

from app.access import Actor, require
from app.core.declare import Can
from app.core.errors import NotFound
from app.generate.identity import current_actor, take
from app.models.tickets import Ticket

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")


def agent() -> Actor:
    """Return the employee who asks. Raises NotFound for everybody else."""
    actor = current_actor()
    if not actor.is_employee:
        raise NotFound
    require(actor, Can.READ, Ticket)
    take(actor, source="inbox")
    return actor
