"""Writing in: the fields of the topic, the same rules as everywhere, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.models.tickets import Channel, Ticket
from tests.views.portal.conftest import ORDERS, Desk

Read = Callable[..., Any]
LETTER = {"topic": "Billing", "title": "Refund, please", "description": "It **broke**."}


def number_of(client: FlaskClient, form: dict[str, str]) -> int:
    answer = client.post("/portal/new", data=form)
    assert (answer.status_code, answer.location) == (303, "/portal/new/sent")
    with client.session_transaction() as kept:
        return int(kept["portal_sent"]["number"])


def test_the_topic_is_chosen_first(visitor: FlaskClient) -> None:
    answer = visitor.get("/portal/new")
    assert "/portal/new?topic=Billing" in answer.text
    assert "<textarea" not in answer.text


@pytest.mark.parametrize(("topic", "asks"), [("Billing", False), (ORDERS, True)])
def test_each_topic_has_its_fields(visitor: FlaskClient, topic: str, asks: bool) -> None:
    html = visitor.get("/portal/new", query_string={"topic": topic}).text
    assert ('name="custom_fields.order_number"' in html) is asks
    assert "margin" not in html
    assert 'name="email"' in html


def test_a_customer_writes_and_is_the_requester(bob: FlaskClient, read: Read, desk: Desk) -> None:
    ticket = read(Ticket, number_of(bob, LETTER))
    assert (ticket.customer_id, ticket.email) == (desk.customer, "bob@example.com")
    assert (ticket.channel, ticket.category, ticket.language) == (Channel.PORTAL, "Billing", "en")
    assert f"#{ticket.id}" in bob.get("/portal/new/sent").text
    assert bob.get(f"/portal/tickets/{ticket.id}").status_code == 200


def test_nobody_writes_in_anothers_name(bob: FlaskClient, read: Read, desk: Desk) -> None:
    ticket = read(
        Ticket, number_of(bob, LETTER | {"email": "eve@example.com", "customer_id": str(desk.stranger)})
    )
    assert ticket.customer_id == desk.customer


def test_only_what_is_asked_for_is_taken(bob: FlaskClient, read: Read) -> None:
    forged = {
        "status": "closed",
        "priority": "urgent",
        "tags": "vip",
        "custom_fields.margin": "9",
        "team_id": "1",
    }
    ticket = read(Ticket, number_of(bob, LETTER | forged))
    assert (ticket.status, ticket.priority, ticket.tags, ticket.team_id) == ("new", "medium", [], None)
    assert "margin" not in ticket.custom_fields


def test_a_guest_writes_and_is_mailed_a_way_in(
    visitor: FlaskClient, read: Read, mailed: Callable[[str], list[str]]
) -> None:
    ticket = read(Ticket, number_of(visitor, LETTER | {"email": "Guest@Example.com"}))
    assert ticket.channel is Channel.PORTAL
    assert "guest@example.com" in visitor.get("/portal/new/sent").text.lower()
    assert visitor.get(f"/portal/tickets/{ticket.id}").status_code == 302
    link = next(link for link in mailed("guest@example.com") if "/enter/" in link)
    assert visitor.post(link).status_code == 303
    assert visitor.get(f"/portal/tickets/{ticket.id}").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"description": ""}, "description"),
        ({"description": "a\0b"}, "description"),
        ({"email": "nobody"}, "email"),
        ({"topic": ORDERS, "custom_fields.order_number": "12"}, "custom_fields.order_number"),
        ({"topic": ORDERS}, "custom_fields.order_number"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_the_rest_stays(
    visitor: FlaskClient, wrong: dict[str, str], field: str
) -> None:
    form = LETTER | {"email": "guest@example.com"} | wrong
    answer = visitor.post("/portal/new", data=form)
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert answer.text.count('class="problem"') == 1
    for name in {"title", "description", "email"} - {field}:
        assert form[name] in answer.text


def test_an_unknown_topic_leads_back_to_the_choice(visitor: FlaskClient) -> None:
    assert visitor.post("/portal/new", data=LETTER | {"topic": "Gossip"}).location == "/portal/new"


def test_guests_are_limited(visitor: FlaskClient) -> None:
    form = LETTER | {"email": "flood@example.com"}
    codes = [visitor.post("/portal/new", data=form).status_code for _try in range(11)]
    assert codes == [303] * 10 + [429]


def test_nothing_was_sent_yet(visitor: FlaskClient) -> None:
    assert visitor.get("/portal/new/sent").location == "/portal/"
