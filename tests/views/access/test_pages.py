"""Who may what, as pages: changed without JavaScript, explained in words, open to whom grants are."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access import SYSTEM
from app.core.declare import Role
from app.core.extensions import db
from app.models.access import AccessGrant, DeskRole, RowScope, Verb
from app.models.people import Employee
from app.record import act_as
from app.services import employees, grants, roles
from app.services.matrix import matrix_of
from tests.generate.conftest import People

SignIn = Callable[[str | None], FlaskClient]


def number_of(app: Flask, name: str) -> int:
    with app.app_context():
        return int(db.session.scalars(select(DeskRole.id).where(DeskRole.name == name)).one())


def form_of(page: str) -> dict[str, Any]:
    """Return what a browser would send of the grid as it stands."""
    sent: dict[str, Any] = {"base": html.unescape(re.findall(r'name="base" value="([^"]*)"', page)[0])}
    for name, body in re.findall(
        r'<select class="[^"]*" name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL
    ):
        sent[name] = re.findall(r'value="([^"]+)" selected', body)[0]
    sent |= dict.fromkeys(re.findall(r'name="([a-z_]+\.hide\.asked)"', page), "1")
    for name, value in re.findall(r'name="([a-z_]+\.hide)" value="([^"]+)" checked', page):
        sent.setdefault(name, []).append(value)
    return sent


def rows_of(app: Flask, name: str, table: str) -> dict[Verb, RowScope]:
    with app.app_context():
        role = db.session.scalars(select(DeskRole).where(DeskRole.name == name)).one()
        return dict(matrix_of(db.session(), role)[table].rows)


@pytest.fixture
def agent(app: Flask) -> str:
    """The address of the grid of agents."""
    return f"/access/{number_of(app, 'agent')}"


def test_a_grid_sent_as_it_was_drawn_changes_nothing(app: Flask, admin: FlaskClient, agent: str) -> None:
    page = admin.get(agent).text
    answer = admin.post(agent, data=form_of(page), follow_redirects=True)
    assert "0 changes were saved." in answer.text
    assert form_of(answer.text) == form_of(page)


def test_a_change_a_clash_and_the_way_back(app: Flask, admin: FlaskClient, agent: str) -> None:
    mine = form_of(admin.get(agent).text)
    theirs = mine | {"tickets.edit": "own", "teams.hide": ["description"]}
    assert "2 changes were saved." in admin.post(agent, data=theirs, follow_redirects=True).text
    assert rows_of(app, "agent", "tickets")[Verb.EDIT] is RowScope.OWN

    answer = admin.post(agent, data=mine | {"tickets.edit": "all"})
    assert answer.status_code == 409
    assert "somebody else has set this to “Own”" in html.unescape(answer.text)
    again = form_of(answer.text)
    assert (again["tickets.edit"], again["teams.hide"]) == ("all", ["description"])
    assert admin.post(agent, data=again).status_code == 302
    assert rows_of(app, "agent", "tickets")[Verb.EDIT] is RowScope.ALL

    changed = admin.get(agent).text
    assert changed.count('name="back"') == 2
    back = admin.post(agent, data=form_of(changed) | {"back": "tickets"}).text
    assert rows_of(app, "agent", "tickets")[Verb.EDIT] is RowScope.ALL
    for table in ("tickets", "teams"):
        back = admin.post(agent, data=form_of(back) | {"back": table}).text
    assert admin.post(agent, data=form_of(back)).status_code == 302
    assert 'name="back"' not in admin.get(agent).text


def test_what_is_refused_names_its_place(app: Flask, admin: FlaskClient, agent: str) -> None:
    sent = form_of(admin.get(agent).text)
    answer = admin.post(agent, data=sent | {"tickets.hide": ["title"]})
    assert answer.status_code == 422
    assert 'href="#tickets"' in answer.text
    assert admin.post(agent, data=sent | {"base": "{}"}).status_code == 400


def test_administrators_are_shown_and_not_changed(app: Flask, admin: FlaskClient) -> None:
    where = f"/access/{number_of(app, 'admin')}"
    page = admin.get(where).text
    assert str(grants.ADMINISTRATORS) in html.unescape(page)
    assert admin.post(where, data=form_of(page) | {"tickets.delete": "none"}).status_code == 409


@pytest.mark.parametrize("path", ["/access/", "/access/1", "/access/why", "/access/1/delete"])
def test_only_who_may_read_grants_opens_them(sign_in: SignIn, path: str) -> None:
    assert sign_in("supervisor").get(path).status_code == 404
    assert sign_in(None).get(path).status_code == 302


def test_the_overview_marks_what_differs(app: Flask, admin: FlaskClient) -> None:
    plain, compared = admin.get("/access/").text, admin.get(f"/access/?with={number_of(app, 'agent')}").text
    assert ("is-other" in plain, "is-other" in compared) == (False, True)


def test_a_page_costs_as_much_whatever_stands_in_it(
    admin: FlaskClient, agent: str, statements: list[str]
) -> None:
    admin.get(agent)
    statements.clear()
    admin.get(agent)
    assert len(statements) <= 6
    statements.clear()
    admin.get("/access/")
    assert len(statements) <= 7


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("table=teams&verb=read", ["Yes.", "It covers all rows."]),
        ("table=webhooks&verb=edit", ["No.", "has no grant to edit"]),
        ("table=teams&verb=read&number=987654", ["no such record"]),
        ("table=nothing&verb=read", []),
    ],
)
def test_why(app: Flask, admin: FlaskClient, people: People, asked: str, said: list[str]) -> None:
    page = html.unescape(admin.get(f"/access/why?employee={people.agent}&{asked}").text)
    assert all(words in page for words in said)
    assert ("The grants of the role Agent" in page) is (len(said) == 2)


def test_why_tells_of_a_deactivated_account(app: Flask, admin: FlaskClient, people: People) -> None:
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        values = {"name": "Gone", "email": "gone@example.com", "role": "agent"}
        person = employees.add(db.session(), SYSTEM, values)
        employees.edit(db.session(), SYSTEM, person, {"active": False})
        db.session.commit()
        number = person.id
    page = html.unescape(admin.get(f"/access/why?employee={number}&table=teams&verb=read").text)
    assert "No. Gone may not do this" in page
    assert "The account is deactivated" in page


def test_the_way_to_the_question(app: Flask, admin: FlaskClient, sign_in: SignIn, people: People) -> None:
    assert f"/access/why?employee={people.agent}" in admin.get(f"/admin/employees/show/{people.agent}").text
    lost = "/admin/webhooks/show/987654"
    assert "/access/why?path=" in admin.get(lost).text
    assert "/access/why" not in sign_in("supervisor").get(lost).text
    asked = admin.get("/access/why?path=/inbox/open/987654").text
    assert 'value="tickets" selected' in asked
    assert 'value="987654"' in asked
    asked = admin.get("/access/why?path=/admin/webhooks/edit/987654").text
    assert 'value="webhooks" selected' in asked
    assert 'value="edit" selected' in asked


def test_a_role_goes_and_its_people_stay(app: Flask, admin: FlaskClient) -> None:
    with app.app_context():
        act_as(db.session(), SYSTEM, source="test")
        role = roles.add(db.session(), SYSTEM, {"name": "trainee", "title": "Trainee"})
        values = {"name": "New", "email": "new@example.com", "role": "trainee"}
        person = employees.add(db.session(), SYSTEM, values)
        db.session.commit()
        number, who, version = role.id, person.id, role.version
    where = f"/access/{number}/delete"
    assert "1 person has this role." in admin.get(where).text
    assert admin.post(where, data={"to": "trainee", "version": version}).status_code == 422
    assert admin.post(where, data={"to": "agent", "version": version}).status_code == 302
    with app.app_context():
        assert db.session.get_one(Employee, who).role == Role.AGENT
        assert db.session.scalar(select(AccessGrant.id).where(AccessGrant.role_id == number)) is None
