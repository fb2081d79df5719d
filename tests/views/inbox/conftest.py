"""A small desk seen by its agents: two teams, three people, and tickets of each kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access import SYSTEM, Actor, ActorKind
from app.adapters.passwords import hash_password
from app.core.extensions import db
from app.models.customers import Customer
from app.models.fields import FieldDefinition, FieldType
from app.models.macros import Macro
from app.models.people import Employee
from app.models.routing import RoutingRule
from app.models.teams import Membership, Skill, Team
from app.models.tickets import Ticket
from app.record import act_as
from app.services import employees, messages, tickets

PASSWORD = "correct horse battery staple"
HASH = hash_password(PASSWORD)


@dataclass
class Desk:
    """The application, and the numbers of its rows by a short name."""

    app: Flask
    ids: dict[str, int] = field(default_factory=dict)

    def ticket(self, title: str = "It is broken", **values: Any) -> int:
        """Write a ticket as the system, and return its number."""
        with self.app.app_context():
            act_as(db.session(), SYSTEM, source="test")
            given = {"email": "bob@example.com", "title": title, "description": "All of *it*."} | values
            made = tickets.add(db.session(), SYSTEM, given)
            db.session.commit()
            return made.id

    def says(self, ticket: int, text: str) -> None:
        """Let the requester write."""
        with self.app.app_context():
            row = db.session.get_one(Ticket, ticket)
            customer = Actor(ActorKind.CUSTOMER, id=row.customer_id)
            act_as(db.session(), customer, source="portal")
            messages.reply(db.session(), customer, row, text)
            db.session.commit()

    def now(self, ticket: int) -> Ticket:
        """Return the ticket as it stands."""
        with self.app.app_context():
            return db.session.get_one(Ticket, ticket)

    def said(self, ticket: int) -> list[tuple[str, bool]]:
        """Return every message: its text, and whether it is internal."""
        from app.models.messages import Message

        with self.app.app_context():
            wanted = select(Message.message_body, Message.is_internal).where(Message.ticket_id == ticket)
            return [(body, inside) for body, inside in db.session.execute(wanted.order_by(Message.id))]


@pytest.fixture(scope="module")
def desk(app: Flask) -> Desk:
    app.config["WTF_CSRF_ENABLED"] = False
    made = Desk(app)
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        made.ids = furnish()
        db.session.commit()
    made.ids["refund"] = made.ticket("Refund of order 7")
    made.ids["legal"] = made.ticket("A letter of a lawyer", team_id=made.ids["Legal"])
    made.ids["free"] = made.ticket("Nobody has this")
    return made


def furnish() -> dict[str, int]:
    session = db.session()
    teams = {name: Team(name=name) for name in ("Billing", "Legal")}
    session.add_all(teams.values())
    people = {
        name: person(name, role) for name, role in (("mara", "agent"), ("tom", "agent"), ("ada", "admin"))
    }
    session.flush()
    billing = teams["Billing"].id
    mara, tom = people["mara"].id, people["tom"].id
    session.add_all(Membership(employee_id=one, team_id=billing) for one in (mara, tom))
    session.add(Skill(employee_id=mara, skill_name="Refunds", skill_level=7))
    action = {"team": billing, "agent": {"skill": "Refunds"}, "priority": "high"}
    title = {"all": [{"field": "title", "op": "contains", "value": "refund"}]}
    other = {"all": [{"field": "title", "op": "contains", "value": "breach"}]}
    session.add_all(
        [
            RoutingRule(rule_name="Breaches", criteria=other, action={"priority": "urgent"}, priority=1),
            RoutingRule(rule_name="Refunds", criteria=title, action=action, priority=2),
            FieldDefinition(field_name="seats", field_type=FieldType.INTEGER, label="Seats"),
            FieldDefinition(field_name="vip", field_type=FieldType.BOOLEAN, label="Wants a call"),
            Customer(name="Bob Smith", email="bob@example.com"),
        ]
    )
    macro = Macro(title="Ask", content="Dear {{customer.name}}, about #{{ticket.id}}", shared=True)
    changes = {"status": "resolved", "priority": "low", "add_tags": ["refund"]}
    solves = Macro(title="Solves it", content="Done.", shared=True, actions=changes)
    away = Macro(
        title="To the lawyers", content="Handed over.", shared=True, actions={"team": teams["Legal"].id}
    )
    own = Macro(title="Secret of Tom", content="x", owner_id=tom)
    session.add_all([macro, solves, away, own])
    session.flush()
    named = {name: one.id for name, one in (teams | people).items()}
    return named | {"macro": macro.id, "solves": solves.id, "away": away.id, "toms_macro": own.id}


def person(name: str, role: str) -> Employee:
    values = {"name": name.title(), "email": f"{name}@desk.example", "role": role}
    employee = employees.add(db.session(), SYSTEM, values)
    employee.password = HASH
    return employee


@pytest.fixture
def enter(desk: Desk) -> Callable[[str], FlaskClient]:
    """A browser, signed in as somebody."""

    def sign_in(name: str) -> FlaskClient:
        client = desk.app.test_client()
        given = {"email": f"{name}@desk.example", "password": PASSWORD}
        answer = client.post("/login/", data=given)
        assert answer.status_code == 302, answer.text
        return client

    return sign_in


@pytest.fixture
def mara(enter: Callable[[str], FlaskClient]) -> FlaskClient:
    """The browser of an agent of Billing."""
    return enter("mara")


def hidden(html: str, name: str) -> str:
    """Return the value of a hidden field of the page."""
    found = re.search(f'<input type="hidden" name="{name}" value="([^"]*)"', html)
    assert found, name
    return found[1]
