"""HTML that a row holds, read in a frame of its own: it runs nothing, loads nothing and leads nowhere."""

from __future__ import annotations

from typing import Any

from flask import make_response
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.access import Actor
from app.core.errors import NotFound
from app.fields import Field
from app.generate.columns import seen_by
from app.generate.parts import NOTHING, Cell, Show

POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
"""Only styles written into it are taken, and pictures it brings along: nobody is told that it was opened."""


def cell_of(field: Field, row: Any) -> Cell | None:
    """Return the frame of a value; None for a field whose values are no HTML."""
    if not field.framed:
        return None
    url = f"/console/{row.__tablename__}/frame/{field.name}/{row.id}"
    return Cell(kind=Show.FRAME, text=field.label, url=url) if field.read(row) else NOTHING


def answer(session: Session, actor: Actor, row: Any, name: str) -> Response:
    """Return the HTML of a row. Raises NotFound for a column without, or one the actor never sees."""
    field = seen_by(session, actor, type(row)).get(name)
    if field is None or not field.framed:
        raise NotFound
    response = make_response(field.read(row) or "")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
