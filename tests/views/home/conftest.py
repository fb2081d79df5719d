"""Three people: two who work in the inbox, and one with a role that may nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access import SYSTEM
from app.adapters.passwords import hash_password
from app.core.extensions import db
from app.models.customers import Customer
from app.record import act_as
from app.services import employees, roles, tickets

PASSWORD = "correct horse battery staple"
HASH = hash_password(PASSWORD)
Enter = Callable[..., FlaskClient]


@pytest.fixture(scope="module")
def people(app: Flask) -> dict[str, int]:
    """The numbers of the people, by name."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        roles.add(db.session(), SYSTEM, {"name": "watcher", "title": "Watcher"})
        db.session.add(Customer(name="Zoe Zimmer", email="zoe@example.com"))
        db.session.flush()
        made = {name: person(name) for name in ("mara", "ada")} | {"wim": person("wim", "watcher")}
        values = {"email": "zoe@example.com", "title": "Zebra crossing", "description": "x"}
        tickets.add(db.session(), SYSTEM, values)
        db.session.commit()
    return made


def person(name: str, role: str = "agent") -> int:
    values = {"name": name.title(), "email": f"{name}@desk.example", "role": role}
    employee = employees.add(db.session(), SYSTEM, values)
    employee.password = HASH
    return employee.id


@pytest.fixture
def enter(app: Flask, people: dict[str, int]) -> Enter:
    """A browser, signed in as somebody."""

    def sign_in(name: str, password: str = PASSWORD) -> FlaskClient:
        client = app.test_client()
        client.post("/login/", data={"email": f"{name}@desk.example", "password": password})
        return client

    return sign_in
