"""Where the pages hang, and who may open them."""

from __future__ import annotations

from flask import Blueprint

from app.access import Actor, require
from app.core.declare import Can
from app.core.errors import NotFound
from app.core.extensions import db
from app.generate import listing
from app.generate.identity import current_actor
from app.models.access import AccessGrant, DeskRole

blueprint = Blueprint("access", __name__)
URL = "/access/"


def reader() -> Actor:
    """Return who asks, if they may read grants. Raises NotFound."""
    actor = current_actor()
    require(actor, Can.READ, AccessGrant)
    return actor


def role_of(actor: Actor, number: int) -> DeskRole:
    """Return the role of this number. Raises NotFound."""
    found: DeskRole | None = listing.one(db.session(), actor, DeskRole, number)
    if found is None:
        raise NotFound
    return found
