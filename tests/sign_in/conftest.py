"""People of both worlds at the door, and browsers that nobody has signed in with yet."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access import SYSTEM
from app.adapters import totp
from app.adapters.passwords import hash_password
from app.core.clock import now
from app.core.extensions import db, redis
from app.models.customers import Customer
from app.models.mails import Mail
from app.models.people import Employee
from app.models.sessions import SecondFactor
from app.record import act_as, plainly
from app.services import employees, second_factor

PASSWORD = "correct horse battery staple"
HASH = hash_password(PASSWORD)
ROLES = {"ada": "admin", "sue": "supervisor", "mara": "agent", "ina": "agent"}
STEP = totp.SECONDS


@dataclass(frozen=True)
class Door:
    """The application, the numbers of its people by name, and what they would do."""

    app: Flask
    numbers: dict[str, int]

    def browser(self, name: str | None = None, password: str = PASSWORD) -> FlaskClient:
        """A browser, with an employee signed in."""
        client = self.app.test_client()
        if name:
            assert self.sign_in(client, name, password).status_code == 302
        return client

    def sign_in(self, client: FlaskClient, name: str, password: str = PASSWORD):  # type: ignore[no-untyped-def]
        """Send the form of the first step."""
        return client.post("/login/", data={"email": f"{name}@desk.example", "password": password})

    def enrol(self, name: str) -> tuple[str, list[str]]:
        """Give an employee a second factor whose last code is old; return its secret and recovery codes."""
        secret = totp.new_secret()
        with self.app.test_request_context():
            session = db.session()
            act_as(session, SYSTEM, source="test")
            person = session.get_one(Employee, self.numbers[name])
            codes = second_factor.enable(session, person, secret, pyotp.TOTP(secret).at(now()))
            kept = second_factor.of(session, person)
            assert kept is not None
            kept.last_step -= 10
            session.commit()
        return secret, codes

    def links(self, email: str) -> list[str]:
        """The paths of the links mailed to an address, newest first."""
        with self.app.app_context():
            found = select(Mail.body_text).where(Mail.recipient == email).order_by(Mail.id.desc())
            texts = db.session.scalars(found).all()
        return [link for text in texts for link in re.findall(r"/(?:[\w/]+)/[\w-]{43}", text)]


def code(secret: str, later: int = 0) -> str:
    """The code an app shows, `later` steps from now."""
    return pyotp.TOTP(secret).at(int(now().timestamp()) + later * STEP)


@pytest.fixture(scope="module")
def numbers(app: Flask) -> dict[str, int]:
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        made = {name: person(name, role) for name, role in ROLES.items()}
        db.session.add(Customer(name="Bob", email="bob@example.com", password_hash=HASH, verified_at=now()))
        db.session.flush()
        employees.edit(db.session(), SYSTEM, db.session.get_one(Employee, made["ina"]), {"active": False})
        db.session.commit()
    return made


def person(name: str, role: str) -> int:
    values = {"name": name.title(), "email": f"{name}@desk.example", "role": role}
    employee = employees.add(db.session(), SYSTEM, values)
    employee.password = HASH
    return employee.id


@pytest.fixture
def door(app: Flask, numbers: dict[str, int]) -> Door:
    """Every test begins with nothing counted, no second factor, and every password as it was."""
    app.config["WTF_CSRF_ENABLED"] = False
    app.extensions.pop("frontdesk_redis_pause", None)
    with app.app_context():
        redis().flushdb()
        act_as(db.session(), SYSTEM, source="test")
        for employee in db.session.scalars(select(Employee)):
            employee.password = HASH
        db.session.execute(SecondFactor.__table__.delete(), execution_options=plainly)
        customer = db.session.scalars(select(Customer).where(Customer.email == "bob@example.com")).one()
        customer.password_hash = HASH
        db.session.commit()
    return Door(app, numbers)
