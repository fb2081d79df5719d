"""A small desk seen from outside: two customers, fields, articles, requests, and browsers for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access import SYSTEM, Actor, ActorKind, TableGrant
from app.adapters.passwords import hash_password
from app.core.clock import now
from app.core.declare import Can, Scope
from app.core.extensions import db, redis
from app.models.articles import Article, ArticleState
from app.models.customers import Customer
from app.models.fields import FieldDefinition, FieldType
from app.models.mails import Mail
from app.models.messages import Message
from app.models.tickets import Ticket
from app.record import act_as
from app.services import employees, login_sessions, messages, tickets

PASSWORD = "correct horse battery staple"
HASH = hash_password(PASSWORD)
ORDERS = "Orders"


@dataclass(frozen=True)
class Desk:
    """Numbers every test may count on."""

    mine: int
    theirs: int
    customer: int
    stranger: int
    agent: int
    login: str


@pytest.fixture(scope="module")
def desk(app: Flask) -> Desk:
    """A request of each of two customers; ours was answered, and has an internal note."""
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        db.session.add_all([*definitions(), *articles()])
        bob, eve = (person(name) for name in ("bob", "eve"))
        db.session.add_all([bob, eve])
        values = {"name": "Ada Admin", "email": "ada@desk.example", "role": "admin"}
        ada = employees.add(db.session(), SYSTEM, values)
        mine, theirs = written(bob, "My refund"), written(eve, "Her secret")
        answered(mine, ada.id)
        login = login_sessions.begin(db.session(), ada, None, "test")
        db.session.commit()
        return Desk(mine.id, theirs.id, bob.id, eve.id, ada.id, login)


def person(name: str) -> Customer:
    """A customer with a confirmed address and a password."""
    return Customer(name=name.title(), email=f"{name}@example.com", password_hash=HASH, verified_at=now())


def definitions() -> list[FieldDefinition]:
    """Topics, a field for one of them, and one that customers never see."""
    orders = {"field": "category", "op": "is", "value": ORDERS}
    return [
        FieldDefinition(
            field_name="category", field_type=FieldType.SELECT, label="Topic", options=["Billing", ORDERS]
        ),
        FieldDefinition(
            field_name="order_number", label="Order number", is_required=True, show_when=orders,
            validation={"pattern": "[0-9]{6}"},
        ),
        FieldDefinition(
            field_name="margin", field_type=FieldType.INTEGER, label="Margin",
            audiences={"customer": {"visible": False}},
        ),
    ]  # fmt: skip


def articles() -> list[Article]:
    """Public articles, and others that nobody outside may know of."""
    public = [("Refunds take a week", "refunds", "Billing"), ("Track your parcel", "parcel", ORDERS)]
    inside = [
        ("Refund limits", "limits", ArticleState.INTERNAL),
        ("Refund draft", "draft", ArticleState.DRAFT),
    ]
    return [
        *(
            Article(
                title=title, slug=slug, section=section, content="Be **calm**.", state=ArticleState.PUBLIC
            )
            for title, slug, section in public
        ),
        *(
            Article(title=title, slug=slug, section="Inside", content="secret", state=state)
            for title, slug, state in inside
        ),
    ]


def written(customer: Customer, title: str) -> Ticket:
    """A request of a customer."""
    db.session.flush()
    values = {"title": title, "description": "Please look.", "category": "Billing"}
    return tickets.add(db.session(), Actor(ActorKind.CUSTOMER, id=customer.id), values)


def answered(ticket: Ticket, employee: int) -> None:
    """A note and an answer by an employee."""
    verbs = dict.fromkeys((Can.READ, Can.ADD, Can.EDIT), Scope.ALL)
    grants = {table: TableGrant(verbs) for table in ("tickets", "ticket_messages")}
    agent = Actor(ActorKind.EMPLOYEE, id=employee, role="admin", grants=grants)
    messages.reply(db.session(), agent, ticket, "a note about the margin", internal=True)
    messages.reply(db.session(), agent, ticket, "We **see** it.")


@pytest.fixture(autouse=True)
def free_of_limits(app: Flask) -> None:
    """Every test begins with nothing counted."""
    with app.app_context():
        redis().flushdb()


@pytest.fixture
def visitor(app: Flask, desk: Desk) -> FlaskClient:
    """A browser of nobody in particular. Tokens of forms are tested apart."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask, visitor: FlaskClient) -> Callable[[str], FlaskClient]:
    """How a browser of a customer is had, by name."""

    def browser_of(name: str) -> FlaskClient:
        client = app.test_client()
        form = {"email": f"{name}@example.com", "password": PASSWORD}
        assert client.post("/portal/sign-in", data=form).status_code == 303
        return client

    return browser_of


@pytest.fixture
def bob(sign_in: Callable[[str], FlaskClient]) -> FlaskClient:
    """The browser of the customer whose request is `desk.mine`."""
    return sign_in("bob")


@pytest.fixture
def mailed(app: Flask) -> Callable[[str], list[str]]:
    """What was mailed to an address so far: the paths of the links, newest first."""

    def links(email: str) -> list[str]:
        with app.app_context():
            found = select(Mail.body_text).where(Mail.recipient == email).order_by(Mail.id.desc())
            texts = db.session.scalars(found).all()
        return [link for text in texts for link in re.findall(r"/portal/(?:\w+)/[\w-]{43}", text)]

    return links


@pytest.fixture
def read(app: Flask) -> Callable[..., Any]:
    """A row as it is in the database now."""

    def row(model: Any, key: int) -> Any:
        with app.app_context():
            found = db.session.get(model, key)
            db.session.expunge_all()
            return found

    return row


@pytest.fixture
def said(app: Flask, desk: Desk) -> Callable[[int], list[str]]:
    """The public messages of a ticket."""

    def bodies(ticket: int) -> list[str]:
        with app.app_context():
            public = Message.is_internal.is_(False)
            order = (
                select(Message.message_body).where(Message.ticket_id == ticket, public).order_by(Message.id)
            )
            return list(db.session.scalars(order))

    return bodies
