"""Making a row where a form asks for it, with a script and without: nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.declare import Role
from app.core.extensions import db
from app.models.people import Employee
from app.models.teams import Membership, Team
from tests.generate.conftest import People
from tests.generate.test_nested import sent

SignIn = Callable[[str | None], FlaskClient]
ADD = "/admin/teams/add"
MEMBER = "members.new0.employee_id"
CREATE: dict[str, str | None] = {f"create.{MEMBER}": "employees"}


def test_a_page_that_comes_back(app: Flask, admin: FlaskClient) -> None:
    page = admin.post(ADD, data=sent(admin.get(ADD).text, name="New team", **{"members.do": "add"})).text
    assert f'name="create.{MEMBER}" value="employees"' in page
    left = admin.post(ADD, data=sent(page, **CREATE))
    assert left.status_code == 307, "so that the browser posts the same again"
    short = admin.post(left.location, data=sent(page, **CREATE))
    assert short.status_code == 200
    assert 'name="signature"' not in short.text, "only what must be said is asked"
    refused = admin.post(left.location, data=sent(short.text, name="", email="nobody"))
    assert refused.status_code == 422
    typed = sent(refused.text, name="Ina New", email="ina@example.com")
    made = admin.post(left.location, data=typed)
    assert made.status_code == 307
    again = admin.post(made.location, data=typed)
    assert again.status_code == 200
    assert 'value="New team"' in again.text
    assert "Ina New" in again.text
    assert admin.post(ADD, data=sent(again.text)).status_code == 302
    with app.app_context():
        session = db.session()
        team = session.scalars(select(Team).where(Team.name == "New team")).one()
        ina = session.scalars(select(Employee).where(Employee.name == "Ina New")).one()
        member = session.scalars(select(Membership).where(Membership.team_id == team.id)).one()
        assert member.employee_id == ina.id


def test_one_may_go_back_without_adding(admin: FlaskClient, people: People) -> None:
    address = f"/admin/skillsets/add?employee_id={people.agent}"
    typed = sent(admin.get(address).text, skill_name="Kept", **{"create.employee_id": "employees"})
    left = admin.post(address, data=typed)
    short = admin.post(left.location, data=typed).text
    given_up = sent(short, again="1")
    back = admin.post(left.location, data=given_up)
    assert back.status_code == 307
    again = admin.post(back.location, data=given_up)
    assert again.status_code == 200
    assert 'value="Kept"' in again.text


def test_a_script_is_answered_with_the_row(admin: FlaskClient) -> None:
    offer: Any = admin.get("/admin/teams/pick?q=nothing+such").json
    assert offer["create"] == {"url": "/admin/teams/add?short=1", "name": "name", "title": "Team"}
    url, json = offer["create"]["url"], {"Accept": "application/json"}
    form = admin.get(f"{url}&name=Made").text
    assert 'value="Made"' in form
    made = admin.post(url, data=sent(form), headers=json)
    assert (made.status_code, made.json["text"]) == (201, "Made")  # type: ignore[index]
    refused = admin.post(url, data=sent(form), headers=json)
    assert refused.status_code == 422
    assert "e-name" in refused.text


def test_only_who_may_add_is_offered_to(sign_in: SignIn, people: People) -> None:
    agent = sign_in(Role.AGENT.value)
    assert agent.get("/admin/teams/pick").json["create"] is None  # type: ignore[index]
    short = "/admin/teams/add?short=1&input=team_id&back=/admin/customers/add"
    assert agent.post("/admin/customers/add", data={"create.team_id": "teams"}).status_code == 307
    assert agent.post(short, data={}).status_code == 404
    assert agent.post("/admin/customers/add", data={"create.team_id": "nothing"}).status_code == 404


def test_the_way_back_stays_within_the_desk(admin: FlaskClient) -> None:
    data = {"carried": "[]", "name": "Outside"}
    answer = admin.post("/admin/teams/add?short=1&input=x&back=//evil.example/admin/", data=data)
    assert answer.status_code == 302
    assert "evil" not in answer.location
