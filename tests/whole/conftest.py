"""A small desk, the real program on its database, and the people who work there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from app import services
from app.access import SYSTEM
from app.adapters.passwords import hash_password
from app.core.declare import Role
from app.core.extensions import db
from app.models.fields import FieldDefinition, FieldType
from app.models.people import Employee
from app.models.routing import RoutingRule
from app.models.teams import Membership, Skill, Team
from app.record import act_as
from app.services import employees
from tests.program import Program
from tests.serving import served
from tests.whole import small_desk
from tests.windows import window

PASSWORD = "correct horse battery staple"
HASH = hash_password(PASSWORD)
TOPIC = "Billing"


@dataclass(frozen=True)
class Desk:
    """Numbers of the rows every test may count on."""

    team: int
    admin: int
    mara: int


@pytest.fixture(scope="module")
def desk(app: Flask) -> Desk:
    """Topics, a team, an administrator, a supervisor, two agents of whom one has the skill, and a rule."""
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        team = services.add(session, SYSTEM, Team, {"name": "Billing support"})
        people = {
            name: hired(session, name, role)
            for name, role in (
                ("Ada", Role.ADMIN),
                ("Sam", Role.SUPERVISOR),
                ("Mara", Role.AGENT),
                ("Tom", Role.AGENT),
            )
        }
        for name in ("Mara", "Tom"):
            session.add(Membership(employee_id=people[name].id, team_id=team.id))
        session.add(Skill(employee_id=people["Mara"].id, skill_name="Refunds", skill_level=8))
        for values in definitions():
            services.add(session, SYSTEM, FieldDefinition, values)
        services.add(session, SYSTEM, RoutingRule, rule(team))
        session.commit()
        return Desk(team.id, people["Ada"].id, people["Mara"].id)


def hired(session: Any, name: str, role: Role) -> Employee:
    """An employee who can sign in."""
    values = {"name": f"{name} Example", "email": f"{name.lower()}@desk.example", "role": role.value}
    employee = employees.add(session, SYSTEM, values)
    employee.password = HASH
    return employee


def definitions() -> list[dict[str, Any]]:
    """The topics, and a field that belongs to one of them."""
    about = {"field": "category", "op": "is", "value": TOPIC}
    topics = {"field_name": "category", "field_type": FieldType.SELECT, "label": "Topic"}
    return [
        topics | {"options": [TOPIC, "Orders"]},
        {"field_name": "seats", "field_type": FieldType.INTEGER, "label": "Seats", "show_when": about},
    ]


def rule(team: Team) -> dict[str, Any]:
    """Requests about billing that ask for money back go to who knows about it."""
    asks = [
        {"field": "category", "op": "is", "value": TOPIC},
        {"field": "title", "op": "contains", "value": "refund"},
    ]
    action = {"team": team.id, "agent": {"skill": "Refunds"}, "priority": "high", "add_tags": ["refund"]}
    return {"rule_name": "Money back", "criteria": {"all": asks}, "action": action, "priority": 10}


@pytest.fixture(scope="module")
def settings(app: Flask) -> dict[str, str]:
    """What the environment says to a program that works on the database of this module."""
    names = ("DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL", "DATA_DIR")
    given = {name: str(app.config[name]) for name in names}
    return {**given, "WEBHOOK_ALLOW_PRIVATE": "1", "DEMO": "0", "LOG_LEVEL": "WARNING"}


@pytest.fixture(scope="module")
def program(
    desk: Desk, settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Program]:
    """Everything that `python3 run.py` starts, on that desk."""
    made = Program(settings, tmp_path_factory.mktemp("program") / "output.txt").start()
    yield made
    assert made.end() == 0


def sign_in(page: Page, name: str) -> None:
    """Sign an employee in as a person does."""
    page.goto("/login/")
    page.get_by_label("E-mail").fill(f"{name.lower()}@desk.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main button.is-primary").click()
    page.wait_for_url(lambda address: "/login/" not in address)


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """Where the small demo desk is served."""
    small_desk.build(app)
    with served(app) as where:
        yield where


@pytest.fixture(scope="module")
def admin(chromium: Browser, address: str) -> Iterator[Page]:
    """A tab in which the demo desk's administrator has signed in."""
    with window(chromium, address) as opened:
        opened.grant_permissions(["clipboard-read", "clipboard-write"])
        page = opened.new_page()
        small_desk.sign_in(page, "/login/", "admin@example.com")
        yield page
