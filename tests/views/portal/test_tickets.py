"""One's own requests, and nobody else's: what is shown, said, solved and rated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access import SYSTEM
from app.core.extensions import db
from app.models.customers import Customer
from app.models.feedback import Feedback
from app.models.tickets import Status, Ticket
from app.models.tokens import Purpose
from app.record import act_as
from app.services import feedback, links, tickets
from tests.views.portal.conftest import Desk, written

Read = Callable[..., Any]
VERBS = ["reply", "solved", "rating"]


@pytest.fixture
def fresh(app: Flask, desk: Desk) -> Ticket:
    """A new request of Bob's."""
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        one = written(db.session.get_one(Customer, desk.customer), "One more")
        db.session.commit()
        db.session.expunge_all()
        return one


def stars(app: Flask, ticket: int) -> int | None:
    with app.app_context():
        given: Feedback | None = feedback.of_ticket(db.session(), db.session.get_one(Ticket, ticket))
        return given.rating if given else None


def test_the_list_holds_ones_own_only(bob: FlaskClient, desk: Desk) -> None:
    html = bob.get("/portal/tickets/").text
    assert f"/portal/tickets/{desk.mine}" in html
    assert "Her secret" not in html


def test_anothers_request_is_not_there(
    bob: FlaskClient, desk: Desk, said: Callable[[int], list[str]]
) -> None:
    absent = bob.get("/portal/tickets/999999")
    foreign = bob.get(f"/portal/tickets/{desk.theirs}")
    assert (absent.status_code, foreign.status_code) == (404, 404)
    before = said(desk.theirs)
    for verb in VERBS:
        form = {"message_body": "hello", "rating": "1"}
        assert bob.post(f"/portal/tickets/{desk.theirs}/{verb}", data=form).status_code == 404
    assert said(desk.theirs) == before


@pytest.mark.parametrize("verb", VERBS)
def test_a_visitor_can_do_nothing(visitor: FlaskClient, desk: Desk, verb: str) -> None:
    assert visitor.post(f"/portal/tickets/{desk.mine}/{verb}").location.startswith("/portal/sign-in")


def test_the_conversation_shows_answers_and_no_notes(bob: FlaskClient, desk: Desk) -> None:
    html = bob.get(f"/portal/tickets/{desk.mine}").text
    assert "<strong>see</strong>" in html
    assert "Ada Admin" in html
    assert "a note about the margin" not in html
    assert "ada@desk.example" not in html


def test_pages_cost_few_statements(bob: FlaskClient, desk: Desk, statements: list[str]) -> None:
    for path, at_most in (("/portal/", 3), ("/portal/tickets/", 2), (f"/portal/tickets/{desk.mine}", 4)):
        statements.clear()
        assert bob.get(path).status_code == 200
        assert len(statements) <= at_most, statements


def test_a_reply_is_added_and_takes_the_request_up_again(
    bob: FlaskClient, fresh: Ticket, read: Read, said: Callable[[int], list[str]]
) -> None:
    assert bob.post(f"/portal/tickets/{fresh.id}/solved").status_code == 303
    assert read(Ticket, fresh.id).status is Status.RESOLVED
    assert bob.post(f"/portal/tickets/{fresh.id}/reply", data={"message_body": "Still"}).status_code == 303
    assert read(Ticket, fresh.id).status is Status.OPEN
    assert said(fresh.id) == ["Still"]


def test_an_answer_that_came_meanwhile_is_shown_first_and_nothing_is_lost(
    bob: FlaskClient, desk: Desk, said: Callable[[int], list[str]]
) -> None:
    before = said(desk.mine)
    form = {"message_body": "Typed <at length>", "newest": "0"}
    answer = bob.post(f"/portal/tickets/{desk.mine}/reply", data=form)
    assert answer.status_code == 409
    assert "Typed &lt;at length&gt;" in answer.text
    assert "<strong>see</strong>" in answer.text
    assert said(desk.mine) == before


@pytest.mark.parametrize("body", ["", "  \n ", "a\0b"])
def test_an_empty_or_impossible_reply_is_refused_beside_the_box(
    bob: FlaskClient, fresh: Ticket, said: Callable[[int], list[str]], body: str
) -> None:
    answer = bob.post(f"/portal/tickets/{fresh.id}/reply", data={"message_body": body})
    assert answer.status_code == 422
    assert 'id="e-message_body"' in answer.text
    assert said(fresh.id) == []


def test_solved_twice_says_so(bob: FlaskClient, fresh: Ticket) -> None:
    path = f"/portal/tickets/{fresh.id}/solved"
    assert [bob.post(path).status_code for _press in range(2)] == [303, 409]


def test_a_closed_request_takes_no_reply_but_keeps_the_text(
    app: Flask, bob: FlaskClient, fresh: Ticket
) -> None:
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        tickets.edit(db.session(), SYSTEM, db.session.get_one(Ticket, fresh.id), {"status": "closed"})
        db.session.commit()
    assert "<textarea" not in bob.get(f"/portal/tickets/{fresh.id}").text.partition('id="rate"')[0]
    answer = bob.post(f"/portal/tickets/{fresh.id}/reply", data={"message_body": "A long letter"})
    assert answer.status_code == 409
    assert "A long letter" in answer.text


def test_an_archived_request_says_so_and_keeps_what_was_typed(
    app: Flask, bob: FlaskClient, fresh: Ticket
) -> None:
    path = f"/portal/tickets/{fresh.id}"
    bob.post(f"{path}/solved")
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        tickets.archive(db.session(), SYSTEM, db.session.get_one(Ticket, fresh.id))
        db.session.commit()
    html = bob.get(path).text
    assert "in our archive" in html
    assert 'name="message_body"' not in html
    answer = bob.post(f"{path}/reply", data={"message_body": "A long letter"})
    assert answer.status_code == 409
    assert "A long letter" in answer.text


def test_a_rating_is_one_tap_and_a_comment_may_follow(app: Flask, bob: FlaskClient, fresh: Ticket) -> None:
    path = f"/portal/tickets/{fresh.id}/rating"
    assert bob.post(path, data={"rating": "5"}).status_code == 409  # not solved yet
    bob.post(f"/portal/tickets/{fresh.id}/solved")
    assert bob.post(path, data={"rating": "5", "comments": "Great"}).status_code == 303
    assert bob.post(path, data={"rating": "4"}).status_code == 303
    assert stars(app, fresh.id) == 4
    assert "Great" in bob.get(f"/portal/tickets/{fresh.id}").text


@pytest.mark.parametrize("rating", ["", "0", "6", "five", "٣"])
def test_there_are_five_ratings(app: Flask, bob: FlaskClient, fresh: Ticket, rating: str) -> None:
    bob.post(f"/portal/tickets/{fresh.id}/solved")
    assert bob.post(f"/portal/tickets/{fresh.id}/rating", data={"rating": rating}).status_code == 422
    assert stars(app, fresh.id) is None


def test_a_mailed_rating_link_votes_on_a_press_only_and_needs_no_sign_in(
    app: Flask, visitor: FlaskClient, fresh: Ticket
) -> None:
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        tickets.resolve(db.session(), SYSTEM, db.session.get_one(Ticket, fresh.id))
        path = f"/portal/rate/{links.make(db.session(), Purpose.RATE, 'ticket', fresh.id)}"
        db.session.commit()
    assert visitor.get(f"{path}?rating=5").status_code == 200
    assert stars(app, fresh.id) is None
    assert visitor.post(path, data={"rating": "2"}).status_code == 303
    assert visitor.post(path, data={"rating": "3"}).status_code == 303
    assert stars(app, fresh.id) == 3
    assert visitor.get(f"/portal/tickets/{fresh.id}").status_code == 302


def test_pages_of_requests_follow_each_other(
    app: Flask, sign_in: Callable[[str], FlaskClient], desk: Desk
) -> None:
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        eve = db.session.get_one(Customer, desk.stranger)
        for number in range(20):
            written(eve, f"Question {number}")
        db.session.commit()
    client = sign_in("eve")
    first = client.get("/portal/tickets/").text
    assert first.count('class="request"') == 20
    older = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    second = client.get(older).text
    assert second.count('class="request"') == 1
    assert "Her secret" in second
    assert client.get("/portal/tickets/?cursor=nonsense").status_code == 422


def test_a_merged_request_leads_to_the_one_that_goes_on(
    app: Flask,
    sign_in: Callable[[str], FlaskClient],
    desk: Desk,
    fresh: Ticket,
    said: Callable[[int], list[str]],
) -> None:
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        other = written(db.session.get_one(Customer, desk.customer), "The one that goes on").id
        tickets.merge(db.session(), SYSTEM, db.session.get_one(Ticket, fresh.id), other)
        db.session.commit()
    old, browser = f"/portal/tickets/{fresh.id}", sign_in("bob")
    led = browser.get(old)
    assert (led.status_code, led.location) == (303, f"/portal/tickets/{other}")
    assert browser.post(f"{old}/reply", data={"message_body": "On the old page."}).status_code == 303
    assert said(other)[-1] == "On the old page."
    assert sign_in("eve").get(old).status_code == 404
