"""How many statements each page asks: few, and not one more when there are ten times as many rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from app import models
from app.access import SYSTEM
from app.core.declare import Desk
from app.core.extensions import db
from app.demo import bulk
from app.demo.people import PASSWORD
from app.generate import lists
from app.models.articles import ArticleState
from app.models.customers import Customer
from app.models.effects import State
from app.models.people import Employee
from app.models.tickets import Priority, Ticket
from app.models.webhooks import Delivery, Event, Webhook
from app.record import act_as
from app.services import api_keys, articles, messages, tickets, webhooks
from tests.whole import small_desk

LISTED = [model for model in models.load() if model.resource.desk in (Desk.MANAGE, Desk.WATCH)]
FEW, MANY = 2, 25
"""Rows of a list's page."""
MORE = 30
"""Messages, changes and articles that are added; of tickets ten times as many."""

PAGES = {
    "admin /home/": 8,
    "admin /palette?q=machine": 8,
    "admin /admin/tickets/list/?status=open&team_id=1&assignee_id=1": 8,
    "admin /inbox/mine/": 10,
    "admin /inbox/open/": 10,
    "admin /inbox/resolved/": 10,
    "admin /inbox/open/?q=machine": 10,
    "admin /inbox/{view}/{ticket}": 10,
    "agent /inbox/mine/": 10,
    "agent /inbox/unassigned/": 10,
    "agent /inbox/open/": 10,
    "admin /admin/tickets/show/{ticket}": 10,
    "admin /admin/tickets/show/{ticket}?tab=history": 10,
    "admin /admin/tickets/edit/{ticket}": 10,
    "admin /admin/customers/show/{customer}": 10,
    "admin /admin/webhooks/show/{webhook}": 10,
    "admin /console/webhook_deliveries/details/?id={delivery}": 10,
    "admin /developers/usage": 8,
    "nobody /portal/": 10,
    "nobody /portal/articles/": 10,
    "nobody /portal/articles/?q=machine": 10,
    "nobody /portal/new": 10,
    "customer /portal/": 10,
    "customer /portal/tickets/": 10,
    "customer /portal/tickets/{ticket}": 10,
    "customer /portal/account": 10,
    "key /api/v1/tickets": 4,
    "key /api/v1/tickets?status=open&sort=-created_at": 4,
    "key /api/v1/tickets/{ticket}": 3,
    "key /api/v1/tickets/{ticket}/history": 4,
    "key /api/v1/ticket_messages?ticket_id={ticket}": 4,
    "key /api/v1/customers": 4,
    "key /api/v1/teams/1": 3,
    "key /api/v1/audit_logs": 4,
}
"""Who asks for what, and how many statements that may cost."""


@dataclass
class Readers:
    """Those who read, the rows they open, and what their last request asked of the database."""

    clients: dict[str, FlaskClient]
    rows: dict[str, Any]
    key: str
    asked: list[str] = field(default_factory=list)

    def cost(self, page: str) -> list[str]:
        """The statements of a page, once everything is kept that is kept between requests."""
        who, path = page.split(" ", 1)
        headers = {"Authorization": f"Bearer {self.key}"} if who == "key" else {}
        for _ in range(2):
            self.asked.clear()
            answer = self.clients[who].get(path.format(**self.rows), headers=headers)
            assert answer.status_code == 200, (page, answer.text[:300])
        return list(self.asked)


@pytest.fixture(scope="module")
def readers(app: Flask) -> Iterator[Readers]:
    """A small desk, and each kind of person signed in."""
    small_desk.build(app)
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        made = Readers(
            {who: app.test_client() for who in ("admin", "agent", "customer", "nobody", "key")}, rows(), key()
        )
        engine = db.engine
        db.session.commit()
    for who in ("admin", "agent"):
        sign_in(made.clients[who], "/login/", f"{who}@example.com")
    sign_in(made.clients["customer"], "/portal/sign-in", "customer@example.com")

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("SET LOCAL"):
            made.asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield made
    event.remove(engine, "before_cursor_execute", note)


def sign_in(client: FlaskClient, path: str, email: str) -> None:
    assert client.post(path, data={"email": email, "password": PASSWORD}).status_code in (302, 303)


def rows() -> dict[str, Any]:
    """A ticket of the customer who signs in, with its queue; the customer's own row."""
    act_as(db.session(), SYSTEM, source="test")
    customer = db.session.scalars(select(Customer).where(Customer.email == "customer@example.com")).one()
    values = {
        "email": customer.email,
        "title": "The machine leaks",
        "description": "Again.",
        "category": "orders",
    }
    ticket = tickets.add(db.session(), SYSTEM, values)
    messages.reply(db.session(), SYSTEM, ticket, "We look into it.")
    employee = db.session.scalars(select(Employee).limit(1)).one()
    tickets.edit(db.session(), SYSTEM, ticket, {"assignee_id": employee.id})
    hook, delivery = told_of(ticket)
    found = {"view": "open", "ticket": ticket.id, "customer": customer.id}
    return found | {"webhook": hook.id, "delivery": delivery.id}


def told_of(ticket: Ticket) -> tuple[Webhook, Delivery]:
    """A webhook, and its delivery of the newest event about a ticket."""
    session = db.session()
    hook = webhooks.add(session, SYSTEM, {"url": "https://93.184.216.34/hook", "event_types": ["*"]})
    about = select(func.max(Event.id)).where(Event.object_table == "tickets", Event.object_id == ticket.id)
    delivery = Delivery(webhook_id=hook.id, event_id=session.scalar(about), state=State.FAILED)
    session.add(delivery)
    session.flush()
    return hook, delivery


def key() -> str:
    made = api_keys.add(db.session(), SYSTEM, {"description": "All", "permissions": ["admin"]})
    return str(made.shown_once)


@pytest.fixture(scope="module")
def small(readers: Readers) -> dict[str, int]:
    """What each page costs while there is little."""
    return {page: uncounted(readers.cost(page)) for page in PAGES}


def uncounted(statements: list[str]) -> int:
    """How many there are without the one that counts a list: of a list on one page it is not asked."""
    return sum(not statement.startswith("SELECT count(*)") for statement in statements)


@pytest.fixture(scope="module")
def grown(app: Flask, readers: Readers, small: dict[str, int]) -> None:
    """Ten times as many tickets, customers and articles; a long conversation and history."""
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        ticket = session.get_one(Ticket, readers.rows["ticket"])
        employee = session.scalars(select(Employee).limit(1)).one()
        for number in range(MORE):
            messages.reply(session, SYSTEM, ticket, f"Message {number}", internal=number % 2 == 0)
            levels = (Priority.LOW, Priority.HIGH)
            tickets.edit(
                session, SYSTEM, ticket, {"priority": levels[number % 2].value, "assignee_id": employee.id}
            )
            text = {"title": f"Machine {number}", "content": "Clean it.", "state": ArticleState.PUBLIC.value}
            articles.add(session, SYSTEM, text | {"section": f"Section {number % 7}"})
            told_of(ticket)[1].webhook_id = readers.rows["webhook"]
            api_keys.add(session, SYSTEM, {"description": f"Shop {number}", "permissions": ["read_teams"]})
        session.commit()
        bulk.copy_tickets(session, 10 * MORE, seed=3)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_little_and_no_more_when_there_is_more(
    readers: Readers, small: dict[str, int], grown: None, page: str
) -> None:
    now = readers.cost(page)
    assert len(now) <= PAGES[page], now
    assert uncounted(now) <= small[page], now


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model.__tablename__)
def test_a_list_of_many_rows_asks_what_one_of_few_asks(
    readers: Readers, grown: None, model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = model.__tablename__
    path = f"/admin/{table}/list/" if model.resource.desk is Desk.MANAGE else f"/console/{table}/"
    monkeypatch.setattr(lists, "SIZES", (MANY, FEW))
    few, many = (readers.cost(f"admin {path}?size={size}") for size in (FEW, MANY))
    assert len(many) <= 8, many
    assert uncounted(many) <= uncounted(few), many


@pytest.mark.parametrize("table", ["api_keys", "schema_definitions"])
def test_what_is_offered_beside_a_row_asks_nothing_where_its_state_is_not_shown(
    readers: Readers, grown: None, table: str
) -> None:
    for_one, for_all = (
        readers.cost(f"admin /admin/{table}/list/?columns=id&size={size}") for size in (25, 100)
    )
    assert len(for_all) <= len(for_one) <= 8, for_all
