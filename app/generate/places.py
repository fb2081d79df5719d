"""Where the list of a thing stands."""

from __future__ import annotations

from typing import Any

from app.core.declare import Desk
from app.models import load


def list_address(model: Any) -> str:
    """Return the address of the list of what is managed or watched."""
    table = model.__tablename__
    return f"/console/{table}/" if model.resource.desk is Desk.WATCH else f"/admin/{table}/list/"


def listed(table: str) -> Any | None:
    """Return the declared class of `table` if it has a list, else None."""
    screens = (model for model in load() if model.resource.desk is not Desk.HAND)
    return next((model for model in screens if model.__tablename__ == table), None)
