"""The blueprint of the inbox, and who may enter."""

from __future__ import annotations

from flask import Blueprint

from app.access import Actor
from app.core.errors import NotFound
from app.generate.identity import current_actor, take
from app.services import inbox

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")


def agent() -> Actor:
    """Return the employee who asks. Raises NotFound for everybody else."""
    actor = current_actor()
    if not (actor.is_employee and inbox.is_open_to(actor)):
        raise NotFound
    take(actor, source="inbox")
    return actor
