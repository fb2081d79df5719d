"""Signed-in browsers of each role, without a browser: the whole application behind test clients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access import SYSTEM
from app.core.declare import Role
from app.core.extensions import db
from app.models.people import Employee
from app.models.teams import Membership, Team
from app.record import act_as
from app.services import employees, login_sessions

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class People:
    """Numbers of the rows every test may count on."""

    logins: dict[str, str]
    team: int
    other_team: int
    agent: int


@pytest.fixture(scope="module")
def people(app: Flask) -> People:
    """An employee of each role; the agent is in the first of two teams."""
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        teams = [Team(name="Billing"), Team(name="Technical")]
        session.add_all(teams)
        made: dict[str, Employee] = {}
        for role in Role:
            values = {"name": f"{role.label} One", "email": f"{role.value}@example.com", "role": role.value}
            made[role.value] = employees.add(session, SYSTEM, values)
        session.add(Membership(employee_id=made["agent"].id, team_id=teams[0].id))
        session.flush()
        logins = {role: login_sessions.begin(session, one, None, "test") for role, one in made.items()}
        session.commit()
        return People(
            logins=logins,
            team=teams[0].id,
            other_team=teams[1].id,
            agent=made["agent"].id,
        )


@pytest.fixture
def sign_in(app: Flask, people: People) -> Callable[[str | None], FlaskClient]:
    """How a client of a role is had; None is nobody."""

    def client_of(role: str | None) -> FlaskClient:
        client = app.test_client()
        if role:
            with client.session_transaction() as kept:
                kept["_user_id"], kept["_fresh"] = people.logins[role], True
        return client

    app.config["WTF_CSRF_ENABLED"] = False
    return client_of


@pytest.fixture
def admin(sign_in: Callable[[str | None], FlaskClient]) -> FlaskClient:
    """An administrator's client."""
    return sign_in("admin")
