"""One request of the walk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient


@dataclass(frozen=True)
class Visit:
    """One request. Without an `action` the route is closed: nobody has the grant, and it must refuse."""

    endpoint: str
    path: str
    action: str | None
    client: FlaskClient
    by: str
    body: dict[str, Any] | None = None
    method: str = "POST"
    is_json: bool = False
