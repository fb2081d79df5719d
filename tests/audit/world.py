"""A desk for the walk over its routes: people, and a fresh row of anything, full of what must not be told."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from app import services
from app.access import SYSTEM
from app.core.extensions import db
from app.models import by_table
from app.models.customers import Customer
from app.models.people import Employee
from app.models.tokens import Purpose
from app.record import act_as
from app.services import customers, employees, links, login_sessions
from app.views.portal.customer import remember
from tests.audit.made import MADE
from tests.audit.samples import CHANGES, FRESH, HIDDEN, NAME, OTHER, PASSWORD, TEXT, samples

__all__ = [
    "CHANGES",
    "HIDDEN",
    "NAME",
    "OTHER",
    "PASSWORD",
    "TEXT",
    "World",
    "build",
    "confirmed_customer",
    "give_password",
]

numbers, further = itertools.count(100), itertools.count()


@dataclass
class World:
    """The application with an administrator, an agent and a customer, and the way to act as each."""

    app: Flask
    ids: dict[str, int] = field(default_factory=dict)

    def make(self, table: str, **more: Any) -> int:
        """Return the number of a new row of a table, made by the system."""
        with self.app.test_request_context():
            act_as(db.session(), SYSTEM, source="test")
            special = MADE.get(table)
            if special:
                row = special(self, **more)
            else:
                row = services.add(db.session(), SYSTEM, by_table(table), self.sample(table) | more)
            db.session().flush()
            number = int(row.id)
            db.session.commit()
            return number

    def link(self, purpose: Purpose, kind: str, number: int) -> str:
        """Return the secret of a fresh link."""
        with self.app.app_context():
            act_as(db.session(), SYSTEM, source="test")
            raw = links.make(db.session(), purpose, kind, number)
            db.session.commit()
            return raw

    def employee(self, number: int | None = None) -> FlaskClient:
        """Return a browser in which an employee is signed in; the administrator if not told whom."""
        client = self.app.test_client()
        with self.app.test_request_context():
            act_as(db.session(), SYSTEM, source="test")
            person = db.session.get_one(Employee, number or self.ids["admin"])
            identity = login_sessions.begin(db.session(), person, None, "test")
            db.session.commit()
        with client.session_transaction() as kept:
            kept["_user_id"] = identity
        return client

    def customer(self, number: int | None = None) -> FlaskClient:
        """Return a browser in which a customer is signed in."""
        client, name = self.app.test_client(), self.app.config["CUSTOMER_COOKIE_NAME"]
        with self.app.test_request_context():
            person = db.session.get_one(Customer, number or self.ids["customer"])
            cookie = SimpleCookie(remember(Response(), person).headers["Set-Cookie"])[name]
        client.set_cookie(name, cookie.value)
        return client

    def sample(self, table: str) -> dict[str, Any]:
        """Return values for a new row of a table."""
        values = samples(self.ids, next(further if table == "settings" else numbers))[table]
        values |= {column: self.make(target) for column, target in FRESH.get(table, {}).items()}
        return values


def build(app: Flask) -> World:
    """Return the world, with its people signed up."""
    app.config["WTF_CSRF_ENABLED"] = False
    world = World(app)
    for role in ("admin", "agent"):
        world.ids[role] = world.make("employees", role=role)
        give_password(world, world.ids[role])
    world.ids["team"] = world.make("teams")
    world.ids["customer"] = confirmed_customer(world)
    world.ids["ticket"] = world.make("tickets")
    return world


def give_password(world: World, number: int) -> None:
    """Let an employee have the password."""
    raw = world.link(Purpose.INVITE, "employee", number)
    with world.app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        employees.set_password(db.session(), raw, PASSWORD)
        db.session.commit()


def confirmed_customer(world: World) -> int:
    """Return a customer with a confirmed address and the password."""
    number = world.make("customers")
    raw = world.link(Purpose.RESET, "customer", number)
    with world.app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        customers.reset_password(db.session(), raw, PASSWORD)
        db.session.commit()
    return number
