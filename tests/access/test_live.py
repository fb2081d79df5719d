"""Roles at work: what a change does to people who are signed in, and what no surface lets anybody do."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.core.declare import Can, Grant, Scope
from app.models.access import AccessGrant, DeskRole, Verb
from app.models.messages import Message
from app.models.people import Employee
from tests.access.world import World, custom_role, employee_of


def grant_of(world: World, role: str, table: str, verb: Verb) -> int:
    with world.session() as maker:
        wanted = select(AccessGrant.id).join(DeskRole).where(DeskRole.name == role)
        found = wanted.where(AccessGrant.table_name == table, AccessGrant.verb == verb)
        return int(maker.session.scalars(found).one())


def test_a_role_is_made_given_changed_and_deleted_in_screens(world: World) -> None:
    admin = world.callers["admin"]
    made = admin.page("/admin/roles/add", "POST", data={"title": "Auditor", "name": "auditor"})
    assert made.status_code == 302
    role = made.location.rsplit("/", 1)[-1]
    form = {"role_id": role, "table_name": "teams", "verb": "read", "rows": "all", "hidden_fields": ""}
    assert admin.page("/admin/grants/add", "POST", data=form).status_code == 302
    assert "Auditor" in admin.page("/admin/employees/add").text
    auditor = employee_of(world, "auditor", {})
    assert auditor.page("/admin/teams/list/").status_code == 200
    assert auditor.page("/admin/teams/add").status_code == 404
    assert "Auditor" in auditor.page("/admin/teams/list/").text
    wrong = admin.page(f"/admin/roles/delete/{role}", "POST", data={"version": "1"})
    assert wrong.status_code == 409
    assert "1 employees have this role" in wrong.text
    with world.session() as maker:
        maker.session.delete(maker.session.get_one(Employee, auditor.id))
    assert admin.page(f"/admin/roles/delete/{role}", "POST", data={"version": "1"}).status_code == 302


def test_changed_grants_hold_at_the_next_request(world: World) -> None:
    who = custom_role(world, "shifting", {"teams": Grant(Can.READ)})
    admin, number = world.callers["admin"], grant_of(world, "shifting", "teams", Verb.READ)
    assert who.page("/admin/teams/list/").status_code == 200
    assert who.rest("GET", "teams").status_code == 200
    data = {"rows": "team", "hidden_fields": "description", "version": "1"}
    assert admin.page(f"/admin/grants/edit/{number}", "POST", data=data).status_code == 302
    assert [one["id"] for one in who.rest("GET", "teams?limit=100").json["data"]] == [who.team]
    assert "description" not in who.rest("GET", f"teams/{who.team}").json
    assert admin.page(f"/admin/grants/delete/{number}", "POST", data={"version": "2"}).status_code == 302
    assert who.page("/admin/teams/list/").status_code == 404
    assert who.rest("GET", "teams").status_code == 404


def test_another_role_ends_the_sessions(world: World) -> None:
    who = custom_role(world, "leaving", {"teams": Grant(Can.READ)})
    changed = world.callers["admin"].rest("PATCH", f"employees/{who.id}", json={"role": "agent"})
    assert changed.status_code == 200
    assert "/login/" in who.page("/admin/teams/list/").location
    assert who.rest("GET", "teams").status_code == 401
    unknown = world.callers["admin"].rest("PATCH", f"employees/{who.id}", json={"role": "nonsense"})
    assert unknown.status_code == 422
    assert "leaving" in unknown.json["errors"][0]["message"].lower()


def test_the_last_administrator_stays_on_every_surface(world: World) -> None:
    admin, boss = world.callers["admin"], custom_role(world, "boss", {"employees": Grant(Can.ALL)})
    path = f"/admin/employees/edit/{admin.id}"
    version = admin.rest("GET", f"employees/{admin.id}").headers["ETag"].strip('"')
    for change in ({"role": "agent"}, {"active": False}):
        assert boss.rest("PATCH", f"employees/{admin.id}", json=change).status_code == 409, change
        assert admin.rest("PATCH", f"employees/{admin.id}", json=change).status_code == 422, change
    form = {
        "name": "One admin",
        "email": "admin@example.com",
        "role": "agent",
        "active": "1",
        "capacity": "20",
    }
    form |= {"availability": "available", "version": version}
    assert boss.page(path, "POST", data=form).status_code == 409
    assert admin.page(path, "POST", data=form).status_code == 422
    assert boss.rest("DELETE", f"employees/{admin.id}").status_code == 409
    assert boss.page(f"/admin/employees/delete/{admin.id}", "POST", data={}).status_code == 409
    with world.session() as maker:
        kept = maker.session.get_one(Employee, admin.id)
        assert (kept.role, kept.active, kept.email) == ("admin", True, "admin@example.com")


@pytest.mark.parametrize(
    ("wanted", "starts", "navigation"),
    [
        ({"tickets": Grant(Can.READ, Scope.TEAM)}, "/inbox/", True),
        ({"tickets": Grant(Can.READ)}, "", True),
        ({"tickets": Grant(Can.READ, Scope.TEAM, hide=("email",))}, "", False),
        ({"teams": Grant(Can.READ)}, "", False),
    ],
)
def test_hand_written_pages_follow_grants_not_names(
    world: World, wanted: dict[str, Grant], starts: str, navigation: bool
) -> None:
    who = custom_role(world, f"role_{next(world.maker.numbers)}", wanted)
    assert (who.page("/").location or "") == starts
    assert (who.page("/inbox/mine/").status_code == 200) is navigation
    assert ("/inbox/mine/" in who.page("/palette").text) is navigation


def test_without_a_grant_for_messages_the_inbox_is_silent(world: World) -> None:
    reader = custom_role(world, "reader", {"tickets": Grant(Can.READ | Can.EDIT)})
    hearer = custom_role(
        world, "hearer", {"tickets": Grant(Can.READ | Can.EDIT), "ticket_messages": Grant(Can.READ | Can.ADD)}
    )
    with world.session() as maker:
        message = maker.build(Message, {"ticket.team_id": None})["id"]
        ticket = maker.session.get_one(Message, message).ticket_id
        mark = maker.marks["ticket_messages", message]["message_body"]
    for who, hears in ((reader, False), (hearer, True)):
        page = who.page(f"/inbox/open/{ticket}").text
        assert (mark in page) is hears
        assert (f"/inbox/open/{ticket}/reply" in page) is hears
        sent = who.page(f"/inbox/open/{ticket}/reply", "POST", data={"body": "" if hears else "Hello"})
        assert sent.status_code == (422 if hears else 404)
