"""A desk with an administrator and an agent, and the way to change its settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from app import services
from app.access import SYSTEM
from app.core.extensions import db
from app.fields import settings_of
from app.models.people import Employee
from app.models.settings import Setting
from app.record import act_as, plainly
from app.services import login_sessions, settings


@dataclass
class Desk:
    """The application, the numbers of its people, and clients signed in as them."""

    app: Flask
    people: dict[str, int]

    def client(self, who: str = "admin") -> FlaskClient:
        client = self.app.test_client()
        with self.app.test_request_context():
            act_as(db.session(), SYSTEM, source="test")
            person = db.session.get_one(Employee, self.people[who])
            login = login_sessions.begin(db.session(), person, None, "test")
            db.session.commit()
        with client.session_transaction() as kept:
            kept["_user_id"], kept["_fresh"] = login, True
        return client

    def set(self, **values: Any) -> None:
        """Give settings other values; None returns one to its default."""
        with self.app.test_request_context():
            session = db.session()
            act_as(session, SYSTEM, source="test")
            versions = {name: row.version for name, row in settings.rows(session).items()}
            settings.save(session, SYSTEM, values, versions)
            session.commit()

    def now(self, name: str) -> Any:
        """Return a setting as a new session reads it."""
        with self.app.test_request_context():
            return getattr(settings_of(db.session()), name)


@pytest.fixture(scope="module")
def made(app: Flask) -> Desk:
    app.config["WTF_CSRF_ENABLED"] = False
    app.config["API_RATE_LIMIT"] = None  # that of the tests would have precedence
    people = {}
    with app.test_request_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        for role in ("admin", "agent"):
            values = {"name": role.capitalize(), "email": f"{role}@desk.example", "role": role}
            people[role] = services.add(session, SYSTEM, Employee, values).id
        session.commit()
    return Desk(app, people)


@pytest.fixture
def desk(made: Desk) -> Iterator[Desk]:
    """The desk, its settings as they came, after the test too."""
    yield made
    with made.app.app_context():
        db.session().execute(delete(Setting), execution_options=plainly)
        db.session.commit()
