"""A team of three with some skills, a plan, business hours, and a supervisor who looks after them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import services
from app.access import SYSTEM
from app.core.extensions import db
from app.models.coverage import BusinessHours, OpenInterval, Shift
from app.models.people import Employee
from app.models.teams import Membership, Skill, Team
from app.record import act_as
from app.services import login_sessions

SKILLS = {"Ada": {"Billing": 9, "Grinders": 3}, "Ben": {"billing": 4}, "Cleo": {}}
"""Billing is spelled in two ways."""


@dataclass
class Office:
    """The application, and the numbers of people and teams by name."""

    app: Flask
    ids: dict[str, int] = field(default_factory=dict)

    def client(self, who: str = "Super") -> FlaskClient:
        client = self.app.test_client()
        with self.app.test_request_context():
            act_as(db.session(), SYSTEM, source="test")
            person = db.session.get_one(Employee, self.ids[who])
            login = login_sessions.begin(db.session(), person, None, "test")
            db.session.commit()
        with client.session_transaction() as kept:
            kept["_user_id"], kept["_fresh"] = login, True
        return client

    def levels(self, who: str) -> dict[str, int]:
        with self.app.app_context():
            rows = db.session.query(Skill).filter_by(employee_id=self.ids[who])
            return {row.skill_name: row.skill_level for row in rows}


@pytest.fixture(scope="module")
def office(app: Flask) -> Office:
    app.config["WTF_CSRF_ENABLED"] = False
    made = Office(app)
    with app.test_request_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")

        def new(model: Any, **values: Any) -> Any:
            return services.add(session, SYSTEM, model, values)

        for name, role in (("Super", "supervisor"), *((name, "agent") for name in SKILLS)):
            person = new(Employee, name=name, email=f"{name.lower()}@desk.example", role=role)
            made.ids[name] = person.id
        team = new(Team, name="Front desk")
        made.ids["team"] = team.id
        for name, skills in SKILLS.items():
            new(Membership, employee_id=made.ids[name], team_id=team.id)
            for skill, level in skills.items():
                new(Skill, employee_id=made.ids[name], skill_name=skill, skill_level=level)
        hours = new(BusinessHours, name="Office", time_zone="Europe/Berlin")
        for weekday in "12345":
            new(OpenInterval, hours_id=hours.id, weekday=weekday, starts="09:00", ends="17:00")
            whose = {"employee_id": made.ids["Ada"], "team_id": team.id, "time_zone": "Europe/Berlin"}
            new(Shift, weekday=weekday, starts="08:00", ends="12:00", **whose)
        whose = {"employee_id": made.ids["Ben"], "team_id": team.id, "time_zone": "Europe/Berlin"}
        new(Shift, weekday="1", starts="12:00", ends="18:00", **whose)
        session.commit()
    return made
