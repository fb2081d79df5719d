"""Related rows within the form of their parent: one transaction; permission, version and errors of each."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.access import SYSTEM
from app.core.declare import Role
from app.core.extensions import db
from app.generate.nested import nest
from app.models.audit import AuditLog
from app.models.teams import Membership, Skill, Team, TeamRole
from app.record import act_as
from app.services import employees
from tests.generate.conftest import People
from tests.generate.test_builder import Inputs

SignIn = Callable[[str | None], FlaskClient]


def sent(page: str, **changed: str | None) -> MultiDict[str, str]:
    """What a browser would send of the page, with some inputs changed or, by None, not there."""
    seen = re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)
    pairs = [pair for pair in Inputs(seen).pairs if pair[0] not in changed]
    return MultiDict([*pairs, *((name, value) for name, value in changed.items() if value is not None)])


@pytest.fixture
def team(app: Flask, people: People) -> int:
    """A team of its own for one test, in which the agent is."""
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        made = Team(name=f"Team {session.scalars(select(Team.id).order_by(Team.id.desc())).first()}")
        session.add(made)
        session.flush()
        session.add(Membership(employee_id=people.agent, team_id=made.id))
        session.commit()
        return made.id


def members(app: Flask, team: int) -> list[Membership]:
    with app.app_context():
        mine = select(Membership).where(Membership.team_id == team).order_by(Membership.id)
        return list(db.session().scalars(mine))


def others(app: Flask, change: Callable[[Any], None], team: int) -> None:
    """Somebody else changes the first member of the team."""
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        change(session.scalars(select(Membership).where(Membership.team_id == team)).first())
        session.commit()


def test_rows_are_added_changed_and_removed_with_their_parent(
    app: Flask, admin: FlaskClient, people: People
) -> None:
    address = "/admin/teams/add"
    page = admin.post(address, data=sent(admin.get(address).text, name="Both", **{"members.do": "add"})).text
    typed = {"members.new0.employee_id": str(people.agent), "members.new0.role_in_team": "team_lead"}
    assert admin.post(address, data=sent(page, **typed)).status_code == 302
    with app.app_context():
        team = db.session().scalars(select(Team).where(Team.name == "Both")).one().id
        told = db.session().scalars(select(AuditLog).order_by(AuditLog.id.desc())).first()
    (member,) = members(app, team)
    assert (member.employee_id, member.role_in_team) == (people.agent, TeamRole.LEAD)
    assert told is not None
    assert (told.action_type, told.object_id) == ("MEMBERSHIP_CREATE", member.id)

    address = f"/admin/teams/edit/{team}"
    page = admin.get(address).text
    assert "Agent One" in page, "who is in the row is said by name"
    assert (
        admin.post(address, data=sent(page, **{f"members.{member.id}.role_in_team": "agent"})).status_code
        == 302
    )
    assert members(app, team)[0].role_in_team is TeamRole.AGENT
    gone = sent(admin.get(address).text, **{f"members.{member.id}.remove": "1"})
    assert admin.post(address, data=gone).status_code == 302
    assert members(app, team) == []


def test_what_nobody_touched_is_not_written(app: Flask, admin: FlaskClient, team: int) -> None:
    (before,) = members(app, team)
    answer = admin.post(f"/admin/teams/edit/{team}", data=sent(admin.get(f"/admin/teams/edit/{team}").text))
    assert answer.status_code == 302
    assert members(app, team)[0].version == before.version


def test_a_wrong_row_keeps_the_whole_form_back(app: Flask, admin: FlaskClient, people: People) -> None:
    address = f"/admin/employees/edit/{people.agent}"
    page = admin.post(address, data=sent(admin.get(address).text, **{"skills.do": "add"})).text
    typed = {"skills.new0.skill_name": "Spanish", "skills.new0.skill_level": "11"}
    answer = admin.post(address, data=sent(page, name="Renamed", **typed))
    assert answer.status_code == 422
    assert re.search(r'id="e-skills\.new0\.skill_level"', answer.text)
    assert 'value="Spanish"' in answer.text
    assert 'value="Renamed"' in answer.text
    right = sent(answer.text, **{"skills.new0.skill_level": "7"})
    assert admin.post(address, data=right).status_code == 302
    with app.app_context():
        skill = db.session().scalars(select(Skill).where(Skill.skill_name == "Spanish")).one()
        assert (skill.employee_id, skill.skill_level) == (people.agent, 7)


def test_a_row_the_database_refuses_is_told_beside_it(admin: FlaskClient, people: People, team: int) -> None:
    address = f"/admin/teams/edit/{team}"
    page = admin.post(address, data=sent(admin.get(address).text, **{"members.do": "add"})).text
    answer = admin.post(
        address, data=sent(page, name="Not saved", **{"members.new0.employee_id": str(people.agent)})
    )
    assert answer.status_code == 422
    assert 'id="e-members.new0.employee_id"' in answer.text
    assert 'value="Not saved"' in answer.text


def test_a_row_both_changed_is_asked_about(app: Flask, admin: FlaskClient, people: People, team: int) -> None:
    address = f"/admin/teams/edit/{team}"
    (member,) = members(app, team)
    name = f"members.{member.id}.role_in_team"
    page = admin.get(address).text
    others(app, lambda one: setattr(one, "role_in_team", TeamRole.LEAD), team)
    answer = admin.post(address, data=sent(page, name="My name", **{name: ""}))
    assert answer.status_code == 409
    assert f'name="choose.{name}"' in answer.text
    assert "Team lead" in answer.text
    theirs = sent(answer.text, **{f"choose.{name}": "theirs"})
    assert admin.post(address, data=theirs).status_code == 302
    assert members(app, team)[0].role_in_team is TeamRole.LEAD
    with app.app_context():
        assert db.session().get(Team, team).name == "My name"  # type: ignore[union-attr]


def test_a_row_that_one_removes_and_another_changed_is_asked_about(
    app: Flask, admin: FlaskClient, team: int
) -> None:
    address = f"/admin/teams/edit/{team}"
    (member,) = members(app, team)
    page = admin.get(address).text
    others(app, lambda one: setattr(one, "role_in_team", TeamRole.LEAD), team)
    answer = admin.post(address, data=sent(page, **{f"members.{member.id}.remove": "1"}))
    assert answer.status_code == 409
    kept = sent(answer.text, **{f"choose.members.{member.id}.remove": "theirs"})
    assert admin.post(address, data=kept).status_code == 302
    assert len(members(app, team)) == 1
    taken = sent(answer.text, **{f"choose.members.{member.id}.remove": "mine"})
    assert admin.post(address, data=taken).status_code == 302
    assert members(app, team) == []


def test_a_row_somebody_removed_is_told_and_can_be_added_anew(
    app: Flask, admin: FlaskClient, team: int
) -> None:
    address = f"/admin/teams/edit/{team}"
    (member,) = members(app, team)
    page = admin.get(address).text
    others(app, lambda one: db.session().delete(one), team)
    name = f"members.{member.id}.role_in_team"
    answer = admin.post(address, data=sent(page, **{name: "team_lead"}))
    assert answer.status_code == 422
    assert "Somebody removed this" in unescape(answer.text)
    assert admin.post(address, data=sent(answer.text)).status_code == 302
    assert [one.role_in_team for one in members(app, team)] == [TeamRole.LEAD]


def test_who_may_not_change_rows_is_not_asked_for_them(app: Flask, sign_in: SignIn, people: People) -> None:
    """A role that may change employees, and only read skills: its form shows them, and takes nothing."""
    page = sign_in(Role.SUPERVISOR.value).get(f"/admin/teams/edit/{people.team}")
    assert "data-inline=" in page.text
    assert sign_in(Role.AGENT.value).get(f"/admin/teams/edit/{people.team}").status_code == 404


def test_too_many_rows_are_changed_in_their_tab(
    admin: FlaskClient, app: Flask, team: int, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nest, "MOST", 0)
    monkeypatch.setattr("app.generate.nested.nested.MOST", 0)
    page = admin.get(f"/admin/teams/edit/{team}").text
    assert "data-inline-row>" not in page
    assert f"/admin/teams/show/{team}?tab=members" in unescape(page)
    assert admin.post(f"/admin/teams/edit/{team}", data=sent(page)).status_code == 302
    assert len(members(app, team)) == 1


def test_statements_do_not_grow_with_the_rows(
    app: Flask, admin: FlaskClient, team: int, statements: list[str]
) -> None:
    address = f"/admin/teams/edit/{team}"
    admin.get(address)
    statements.clear()
    admin.get(address)
    few = len(statements)
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        for number in range(8):
            values = {"name": f"Member {number}", "email": f"m{number}.{team}@example.com", "role": "agent"}
            session.add(Membership(employee_id=employees.add(session, SYSTEM, values).id, team_id=team))
        session.commit()
    statements.clear()
    admin.get(address)
    assert len(statements) == few <= 12
