"""A desk with a field of each of the thirteen kinds, and whoever reads and writes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import services
from app.access import SYSTEM
from app.core.extensions import db
from app.models.fields import FieldDefinition, FieldType
from app.models.keys import ApiKey
from app.models.teams import Team
from app.models.tickets import Ticket
from app.record import act_as
from app.services import employees, login_sessions, tickets

TEAMS = 7
"""The reference in the table of values is 7."""


@dataclass
class Desk:
    """The application and the clients of an administrator, of a guest and of a program."""

    app: Flask
    admin: FlaskClient
    guest: FlaskClient
    key: str
    tickets: dict[str, int] = field(default_factory=dict)

    def call(self, method: str, path: str, **options: Any) -> Any:
        """Call the REST API."""
        return self.guest.open(
            f"/api/v1/{path}", method=method, headers={"Authorization": f"Bearer {self.key}"}, **options
        )

    def ticket(self, **custom: Any) -> int:
        """Write a ticket with these custom values, without asking anybody."""
        values = {"email": "ann@example.com", "title": "Broken", "description": "All of it."}
        with self.app.test_request_context():
            act_as(db.session(), SYSTEM, source="test")
            made = tickets.add(db.session(), SYSTEM, values | {"custom_fields": custom})
            db.session.commit()
            return made.id

    def custom(self, number: int) -> dict[str, Any]:
        """Return the custom values of a ticket as they are kept."""
        with self.app.app_context():
            return dict(db.session.get_one(Ticket, number).custom_fields)

    def newest(self) -> int:
        """Return the number of the newest ticket."""
        with self.app.app_context():
            return int(db.session.query(db.func.max(Ticket.id)).scalar())


def definition(kind: str, **more: Any) -> dict[str, Any]:
    values: dict[str, Any] = {"field_name": f"f_{kind}", "field_type": kind, "label": f"The {kind}"}
    if "select" in kind:
        values["options"] = ["basic", "Pro"]
    if kind == "reference":
        values["validation"] = {"table": "teams"}
    return values | {"searchable": True} | more


@pytest.fixture(scope="module")
def desk(app: Flask) -> Desk:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        for number in range(TEAMS):
            services.add(session, SYSTEM, Team, {"name": f"Team {number + 1}"})
        for kind in FieldType:
            services.add(session, SYSTEM, FieldDefinition, definition(kind.value))
        person = employees.add(session, SYSTEM, {"name": "Ada", "email": "ada@desk.example", "role": "admin"})
        made = services.add(session, SYSTEM, ApiKey, {"description": "test", "permissions": ["admin"]})
        key, login = made.shown_once, login_sessions.begin(session, person, None, "test")
        session.commit()
    admin = app.test_client()
    with admin.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = login, True
    return Desk(app, admin, app.test_client(), key)
