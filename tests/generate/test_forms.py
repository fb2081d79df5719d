"""Bad input and two people at once: a clear error beside the field, and nothing that was typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access import SYSTEM
from app.core.extensions import db
from app.models.audit import AuditLog
from app.models.teams import Skill, Team
from app.models.webhooks import Event
from app.record import act_as
from app.services import tickets
from tests.generate.conftest import People

SignIn = Callable[[str | None], FlaskClient]


def team_named(app: Flask, name: str) -> Team | None:
    with app.app_context():
        return db.session().scalar(select(Team).where(Team.name == name))


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_a_team_is_added_audited_and_told(app: Flask, admin: FlaskClient) -> None:
    answer = admin.post("/admin/teams/add", data={"name": "Returns", "is_active": "1"})
    assert answer.status_code == 302
    team = team_named(app, "Returns")
    assert team is not None
    with app.app_context():
        entry = db.session().scalars(select(AuditLog).order_by(AuditLog.id.desc())).first()
        told = db.session().scalars(select(Event).order_by(Event.id.desc())).first()
    assert entry is not None
    assert (entry.action_type, entry.object_table, entry.object_id) == ("TEAM_CREATE", "teams", team.id)
    assert entry.performed_by.startswith("employee:")
    assert entry.action_details["after"]["name"] == "Returns"
    assert told is not None
    assert (told.event_type, told.payload["object"]["name"]) == ("TEAM_CREATED", "Returns")


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"name": ""}, "name", "fill"),
        ({"name": "x" * 201}, "name", "200"),
        ({"name": "Billing"}, "name", "taken"),
        ({"name": "a\0b"}, "name", ""),
    ],
    ids=["empty", "too long", "taken", "NUL"],
)
def test_a_refused_value_is_told_beside_its_field(
    app: Flask, admin: FlaskClient, typed: dict[str, str], field: str, said: str
) -> None:
    answer = admin.post("/admin/teams/add", data={"description": "kept as typed", **typed})
    assert answer.status_code == 422
    assert "kept as typed" in answer.text
    message = re.search(rf'id="e-{field}"[^>]*>.*?</svg>(.*?)</', answer.text, re.DOTALL)
    assert message, "no message beside the field"
    assert said in message[1]
    with app.app_context():
        assert db.session().scalar(select(Team).where(Team.description == "kept as typed")) is None


def test_a_number_out_of_bounds_is_refused(app: Flask, admin: FlaskClient, people: People) -> None:
    typed = {"employee_id": str(people.agent), "skill_name": "Spanish", "skill_level": "11"}
    answer = admin.post("/admin/skillsets/add", data=typed)
    assert answer.status_code == 422
    assert 'value="11"' in answer.text
    with app.app_context():
        assert db.session().scalar(select(Skill).where(Skill.skill_name == "Spanish")) is None


def test_an_unknown_reference_is_refused(admin: FlaskClient) -> None:
    answer = admin.post(
        "/admin/skillsets/add", data={"employee_id": "424242", "skill_name": "Thai", "skill_level": "3"}
    )
    assert answer.status_code == 422
    assert "e-employee_id" in answer.text


def test_an_old_form_is_shown_beside_what_was_saved(app: Flask, admin: FlaskClient) -> None:
    admin.post("/admin/teams/add", data={"name": "Shipping", "description": "first", "is_active": "1"})
    team = team_named(app, "Shipping")
    assert team is not None
    address = f"/admin/teams/edit/{team.id}"
    drawn = admin.get(address).text
    opened = {"version": hidden(drawn, "version"), "base": hidden(drawn, "base").replace("&#34;", '"')}
    theirs = {"name": "Shipping", "description": "theirs", "is_active": "1", **opened}
    assert admin.post(address, data=theirs).status_code == 302

    mine = {"name": "Shipping", "description": "mine", **opened}
    answer = admin.post(address, data=mine)
    assert answer.status_code == 409
    assert "mine" in answer.text
    assert "theirs" in answer.text
    assert team_named(app, "Shipping").description == "theirs"  # type: ignore[union-attr]

    settled = {**mine, "version": hidden(answer.text, "version"), "choose.description": "mine"}
    assert admin.post(address, data=settled).status_code == 302
    saved = team_named(app, "Shipping")
    assert saved is not None
    assert (saved.description, saved.is_active) == ("mine", False)


def test_delete_asks_first_and_by_post_only(app: Flask, admin: FlaskClient) -> None:
    admin.post("/admin/teams/add", data={"name": "Short-lived"})
    team = team_named(app, "Short-lived")
    assert team is not None
    asked = admin.get(f"/admin/teams/delete/{team.id}")
    assert asked.status_code == 200
    assert team_named(app, "Short-lived") is not None
    admin.post(f"/admin/teams/delete/{team.id}", data={"version": hidden(asked.text, "version")})
    assert team_named(app, "Short-lived") is None


def test_a_post_without_the_token_is_refused(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("admin")
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert client.post("/admin/teams/add", data={"name": "Forged"}).status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert team_named(app, "Forged") is None


def test_a_row_of_another_team_is_absent(app: Flask, sign_in: SignIn, people: People) -> None:
    with app.app_context():
        session = db.session()
        act_as(session, SYSTEM, source="test")
        values = {"email": "c@example.com", "title": "Not for Billing", "description": "x"}
        ticket = tickets.add(session, SYSTEM, values)
        tickets.assign(session, SYSTEM, ticket, None, team_id=people.other_team)
        session.commit()
        number = ticket.id
    client = sign_in("agent")
    for page in ("show", "edit", "act/archive"):
        assert client.get(f"/admin/tickets/{page}/{number}").status_code == 404
    assert "Not for Billing" not in client.get("/admin/tickets/list/").text
    assert client.get("/admin/tickets/pick?q=Billing").get_json()["items"] == []
    assert "Not for Billing" in sign_in("admin").get("/admin/tickets/list/").text
