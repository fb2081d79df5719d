"""The page of a row: what refers to it, its neighbours in a list, and what a copy of it begins with."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import models, services
from app.access import SYSTEM
from app.core.declare import Can, Desk, Role
from app.core.extensions import db
from app.generate import uses
from app.models.routing import RoutingRule
from app.models.teams import Membership, Skill, Team
from app.models.webhooks import Webhook
from app.record import act_as
from tests.generate.conftest import People
from tests.generate.test_nested import sent

SignIn = Callable[[str | None], FlaskClient]
MADE = [
    model
    for model in models.load()
    if model.resource.desk is Desk.MANAGE and Can.ADD in model.resource.allow[Role.ADMIN].can
]


@pytest.fixture(scope="module")
def named(app: Flask, people: People) -> People:
    """A rule whose action and a webhook whose condition name the first team."""
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        rule = {
            "rule_name": "Names it",
            "criteria": {},
            "action": {"team": people.team, "agent": people.agent},
        }
        services.add(session, SYSTEM, RoutingRule, rule)
        asks = {"all": [{"field": "team_id", "op": "is", "value": people.team}]}
        hook = {"url": "https://example.com/hook", "event_types": ["*"], "criteria": asks}
        services.add(session, SYSTEM, Webhook, hook)
        session.commit()
    return people


def test_what_refers_to_a_row_is_told_with_what_becomes_of_it(admin: FlaskClient, named: People) -> None:
    page = unescape(admin.get(f"/admin/teams/show/{named.team}?tab=uses").text)
    assert "Team members: Team" in page
    assert "deleted too" in page
    assert "Routing rule: Names it" in page
    assert "Webhook: https://example.com/hook" in page
    question = unescape(admin.get(f"/admin/teams/delete/{named.team}").text)
    assert "Team members: Team (1): is deleted too" in question
    assert "Routing rule: Names it (Action): stays" in question
    other = unescape(admin.get(f"/admin/teams/show/{named.other_team}?tab=uses").text)
    assert "Names it" not in other
    assert "Nothing refers to this" in other


def test_only_what_one_may_read_is_told(sign_in: SignIn, named: People) -> None:
    page = sign_in(Role.SUPERVISOR.value).get(f"/admin/teams/show/{named.team}?tab=uses").text
    assert "Names it" in page
    assert "example.com/hook" not in page, "supervisors have no webhooks"
    agent = sign_in(Role.AGENT.value).get(f"/admin/teams/show/{named.team}?tab=uses").text
    assert "Names it" not in agent, "who may change nothing has no such tab"


def test_every_key_of_every_table_is_looked_at() -> None:
    """What the database would refuse or take along is known, whatever the table."""
    for model in models.load():
        for column in model.__table__.columns:
            for key in column.foreign_keys:
                target = (
                    models.by_table(key.column.table.name) if key.column.table.name in _tables() else None
                )
                if target is not None and not column.primary_key:
                    found = [(link.model, link.name) for link in uses._links(target)]
                    assert (model, column.key) in found


def _tables() -> set[str]:
    return {model.__tablename__ for model in models.load()}


def test_counts_stop_at_a_limit(app: Flask, monkeypatch: pytest.MonkeyPatch, people: People) -> None:
    monkeypatch.setattr(uses, "CAP", 1)
    with app.app_context():
        found = uses.counted(
            db.session(), {"all": select(Team.id), "none": select(Skill.id).where(Skill.id < 0)}
        )
        assert found == {"all": 2, "none": 0}
        assert [uses.count_text(found[name]) for name in found] == ["1+", "0"]


@pytest.fixture(scope="module")
def listed(app: Flask, people: People) -> list[int]:
    """Teams of a list, in the order of their names, of which one is not active."""
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        made = [Team(name=f"Queue {letter}", is_active=letter != "B") for letter in "ABC"]
        session.add_all(made)
        session.commit()
        return [team.id for team in made]


@pytest.mark.parametrize(
    ("asked", "place", "before", "after"),
    [
        ("q=Queue", 0, None, 1),
        ("q=Queue", 1, 0, 2),
        ("q=Queue", 2, 1, None),
        ("q=Queue&sort=-name", 1, 2, 0),
        ("q=Queue&is_active=true", 0, None, 2),
        ("q=Queue&size=50&columns=name", 1, 0, 2),
    ],
)
def test_neighbours_are_those_of_the_list(
    admin: FlaskClient, listed: list[int], asked: str, place: int, before: int | None, after: int | None
) -> None:
    address = f"/admin/teams/show/{listed[place]}"
    came = admin.get(address, headers={"Referer": f"http://localhost/admin/teams/list/?{asked}"})
    names = "ABC"
    for text, other in (("Previous", before), ("Next", after)):
        label = f"{text}: Queue {names[other]}" if other is not None else f"{text}: Queue"
        assert (label in came.text) is (other is not None)
    again = admin.get(address, query_string={"list": asked})
    assert ("Next: " in again.text) is (after is not None)


@pytest.mark.parametrize("asked", ["nonsense=1", "sort=nonsense", "cursor=x", "is_active=perhaps"])
def test_a_list_that_is_none_does_no_harm(admin: FlaskClient, listed: list[int], asked: str) -> None:
    assert admin.get(f"/admin/teams/show/{listed[0]}", query_string={"list": asked}).status_code == 200


@pytest.mark.parametrize("model", MADE, ids=lambda model: model.__tablename__)
def test_every_thing_can_be_duplicated(app: Flask, admin: FlaskClient, named: People, model: Any) -> None:
    with app.app_context():
        row = db.session().scalars(select(model).limit(1)).first()
    if row is None:
        return
    page = admin.get(f"/admin/{model.__tablename__}/add", query_string={"copy_of": str(row.id)})
    assert page.status_code == 200


def test_a_copy_begins_with_the_values_that_may_be_the_same(
    app: Flask, admin: FlaskClient, named: People
) -> None:
    page = admin.get("/admin/teams/add", query_string={"copy_of": str(named.team)}).text
    answer = admin.post("/admin/teams/add", data=sent(page))
    assert answer.status_code == 422, "no two teams have one name, so it is not copied"
    assert admin.post("/admin/teams/add", data=sent(page, name="Copy")).status_code == 302
    with app.app_context():
        made = db.session().scalars(select(Team).where(Team.name == "Copy")).one()
        (member,) = db.session().scalars(select(Membership).where(Membership.team_id == made.id))
        assert member.employee_id == named.agent


def test_nobody_copies_what_they_may_not_see(admin: FlaskClient, sign_in: SignIn, named: People) -> None:
    assert admin.get("/admin/teams/add?copy_of=424242").status_code == 404
    assert sign_in(Role.AGENT.value).get(f"/admin/teams/add?copy_of={named.team}").status_code == 404


def test_one_can_go_on_adding(admin: FlaskClient, people: People) -> None:
    data = {"employee_id": str(people.agent), "skill_name": "Chess", "skill_level": "3", "again": "1"}
    answer = admin.post(f"/admin/skillsets/add?employee_id={people.agent}", data=data)
    assert answer.headers["Location"] == f"/admin/skillsets/add?employee_id={people.agent}"
