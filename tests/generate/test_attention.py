"""What wants attention: the list it leads to shows exactly the rows that home counts, to each who may."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import models
from app.core.declare import Can, Role
from app.core.extensions import db
from app.core.matter import Matter
from app.generate import attention
from app.generate.places import list_address
from app.models.effects import State
from app.models.feedback import Feedback
from app.models.mails import Mail
from app.models.routing import RoutingRule
from app.models.tickets import Priority, Ticket
from tests.generate.conftest import People

TOLD: list[tuple[Any, Matter]] = [(model, one) for model in models.load() for one in model.resource.matters]
SignIn = Callable[[str | None], FlaskClient]


@pytest.fixture(scope="module", autouse=True)
def rows(app: Flask, people: People) -> None:
    """Tickets of which some are urgent, two poor ratings and a good one, mails that are stuck."""
    with app.app_context():
        session = db.session()
        for number in range(5):
            values = {"email": "a@b.example", "title": f"T{number}", "description": "x", "version": 1}
            urgent = Priority.URGENT if number < 3 else Priority.LOW
            team = {"team_id": people.team} if number == 0 else {}
            session.connection().execute(Ticket.__table__.insert().values(**values, **team, priority=urgent))
        tickets = list(session.connection().scalars(select(Ticket.__table__.c.id)))
        for ticket, rating in zip(tickets, (1, 2, 5), strict=False):
            given = {"ticket_id": ticket, "rating": rating, "version": 1}
            session.connection().execute(Feedback.__table__.insert().values(**given))
        for state in (State.FAILED, State.PARKED, State.DONE):
            texts = {
                "kind": "x",
                "recipient": "a@b.example",
                "subject": "s",
                "body_text": "",
                "body_html": "",
            }
            session.connection().execute(Mail.__table__.insert().values(**texts, state=state))
        broken = {
            "rule_name": "Broken",
            "criteria": {"all": [{"field": "custom_fields.gone", "op": "is", "value": 1}]},
            "action": {},
            "priority": 1,
        }
        session.connection().execute(RoutingRule.__table__.insert().values(**broken, version=1))
        session.commit()


def counts(page: str) -> dict[str, str]:
    """What home counts, by the address it leads to."""
    found = re.findall(r'<a class="matter[^"]*" href="([^"]+)">.*?<b class="number">([^<]+)', page, re.DOTALL)
    return {html.unescape(url): count for url, count in found}


@pytest.mark.parametrize(
    ("model", "matter"), TOLD, ids=lambda one: one.asks if isinstance(one, Matter) else one.__tablename__
)
@pytest.mark.parametrize("role", ["admin", "supervisor", "agent"])
def test_home_counts_what_the_list_shows(sign_in: SignIn, model: Any, matter: Matter, role: str) -> None:
    client = sign_in(role)
    url = f"{list_address(model)}?{matter.asks}"
    counted = counts(client.get("/home/").text).get(url)
    grant = model.resource.allow.get(Role(role))
    if grant is None or Can.READ not in grant.can:
        assert counted is None
        return
    page = client.get(url)
    assert page.status_code == 200
    shown = re.search(r"1–\d+ of (\d+)", page.text)
    assert counted == (shown[1] if shown else "0")


def test_something_is_counted_that_is_there(sign_in: SignIn) -> None:
    found = counts(sign_in("admin").get("/home/").text)
    assert found["/admin/tickets/list/?status=new,open,pending&priority=urgent"] == "3"
    assert found["/console/mails/?state=failed,parked"] == "2"
    assert found["/console/feedback/?rating[lte]=2&created_at[within_last]=7d"] == "2"


def test_a_rule_that_cannot_be_tried_is_named_to_who_can_mend_it(sign_in: SignIn) -> None:
    said = "Broken asks about a field that is gone"
    assert said in sign_in("admin").get("/home/").text
    assert said not in sign_in("agent").get("/home/").text


def test_home_asks_one_statement_for_all_counts(app: Flask, sign_in: SignIn, statements: list[str]) -> None:
    client = sign_in("admin")
    client.get("/home/")
    statements.clear()
    client.get("/home/")
    assert len([one for one in statements if "urgent" in one or one.count("count(") > 5]) <= 2
    assert len(statements) <= 8, statements


def test_every_matter_has_another_address() -> None:
    addresses = [f"{list_address(model)}?{matter.asks}" for model, matter in TOLD]
    assert len(set(addresses)) == len(addresses)
    assert all(dict(parse_qsl(matter.asks)) for _model, matter in TOLD)
    assert attention.CAP == 1_000
