"""Roles and grants as people change them: an update loses nothing, and nobody raises anybody above them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import models, services
from app.access import SYSTEM, Actor, ActorKind, explain, grants
from app.core.declare import Can, Role, Scope
from app.core.errors import Conflict, Invalid, NotFound
from app.fields import fields_of
from app.models.access import AccessGrant, DeskRole, Origin, RowScope, Verb
from app.models.audit import AuditLog
from app.models.keys import ApiKey
from app.models.macros import Macro
from app.models.people import Employee
from app.models.teams import Membership, Skill, Team
from app.services import employees, roles


def role_of(session, name):
    return session.scalars(select(DeskRole).where(DeskRole.name == name)).one()


def grant_of(session, role, table, verb=Verb.READ):
    wanted = select(AccessGrant).join(DeskRole).where(DeskRole.name == role)
    return session.scalars(wanted.where(AccessGrant.table_name == table, AccessGrant.verb == verb)).one()


def give(session, role, table, *verbs, rows=RowScope.ALL, hide=(), actor=SYSTEM):
    for verb in verbs:
        values = {"role_id": role.id, "table_name": table, "verb": verb, "rows": rows}
        services.add(session, actor, AccessGrant, values | {"hidden_fields": list(hide)})


@pytest.fixture
def clerk(session):
    return services.add(session, SYSTEM, DeskRole, {"name": "clerk", "title": "Clerk"})


@pytest.fixture
def manager(session, desk):
    """Somebody who manages roles, grants, employees and keys, and reads own skills; no administrator."""
    role = services.add(session, SYSTEM, DeskRole, {"name": "manager", "title": "Manager"})
    for table in ("roles", "grants", "employees", "api_keys"):
        give(session, role, table, *Verb)
    give(session, role, "skillsets", Verb.READ, rows=RowScope.OWN)
    give(session, role, "teams", Verb.READ, hide=["description"])
    employee = desk.employee()
    employees.edit(session, SYSTEM, employee, {"role": "manager"})
    return desk.act(actor_of(session, employee))


def actor_of(session, employee):
    role = employee.role
    return Actor(ActorKind.EMPLOYEE, employee.id, role, frozenset(), grants.of_role(session, role))


def field_of(problem):
    return [error.field for error in problem.value.errors]


def test_a_role_is_made_given_and_offered(session, desk, clerk):
    give(session, clerk, "teams", Verb.READ)
    employee = desk.employee()
    before = employee.session_epoch
    services.edit(session, SYSTEM, employee, {"role": "clerk"})
    assert employee.session_epoch == before + 1
    assert [login.name for login in employee.roles] == ["clerk"]
    assert "clerk" in fields_of(session, Employee)["role"].values
    assert set(actor_of(session, employee).grants) == {"teams"}


def test_a_role_begins_with_the_grants_of_another(session):
    base = role_of(session, "agent")
    values = {"name": "trainee", "title": "Trainee", "based_on_id": base.id}
    services.add(session, SYSTEM, DeskRole, values)
    assert grants.of_role(session, "trainee") == grants.of_role(session, "agent")
    copied = session.scalars(select(AccessGrant.origin).join(DeskRole).where(DeskRole.name == "trainee"))
    assert set(copied) == {Origin.CHANGED}


@pytest.mark.parametrize("name", ["", "Clerk", "1st", "a b", "clerk"])
def test_a_name_is_plain_and_new(session, clerk, name):
    with pytest.raises(Invalid) as problem:
        services.add(session, SYSTEM, DeskRole, {"name": name, "title": "X"})
    assert field_of(problem) == ["name"]


def test_a_name_stays_and_so_does_what_is_built_in(session, clerk):
    for role, values in ((clerk, {"name": "x"}), (role_of(session, "agent"), {"title": "X"})):
        with pytest.raises(Invalid):
            services.edit(session, SYSTEM, role, values)
    services.edit(session, SYSTEM, clerk, {"title": "Clerk of the desk"})
    with pytest.raises(Conflict):
        services.delete(session, SYSTEM, role_of(session, "agent"))


def test_a_role_that_somebody_has_is_not_deleted(session, desk, clerk):
    give(session, clerk, "teams", Verb.READ)
    employee = desk.employee()
    services.edit(session, SYSTEM, employee, {"role": "clerk"})
    with pytest.raises(Conflict, match="1 employees"):
        services.delete(session, SYSTEM, clerk)
    services.edit(session, SYSTEM, employee, {"role": "agent"})
    services.delete(session, SYSTEM, clerk)
    assert grants.of_role(session, "clerk") == {}
    with pytest.raises(Invalid):
        services.edit(session, SYSTEM, employee, {"role": "clerk"})


def test_what_a_person_changed_outlives_every_sync(session, clerk):
    changed, taken = (
        grant_of(session, "agent", "kb_articles"),
        grant_of(session, "agent", "customers", Verb.ADD),
    )
    services.edit(session, SYSTEM, changed, {"hidden_fields": ["section"]})
    services.delete(session, SYSTEM, taken)
    give(session, role_of(session, "agent"), "webhooks", Verb.READ)
    give(session, clerk, "teams", Verb.READ)
    session.flush()
    before = {name: grants.of_role(session, name) for name in ("agent", "clerk")}
    assert Can.ADD not in before["agent"]["customers"].rows
    assert grants.sync(session.connection(), models.load()) == 0
    assert {name: grants.of_role(session, name) for name in before} == before


def test_a_declared_grant_can_be_put_back(session):
    grant = grant_of(session, "agent", "customers", Verb.ADD)
    services.delete(session, SYSTEM, grant)
    assert (grant.rows, grant.origin) == (RowScope.NONE, Origin.CHANGED)
    with pytest.raises(Conflict):
        services.delete(session, SYSTEM, grant)
    services.act(session, SYSTEM, grant, "put_back")
    assert (grant.rows, grant.origin) == (RowScope.ALL, Origin.DECLARED)


def test_a_grant_nobody_declared_is_deleted_for_good(session, clerk):
    give(session, clerk, "teams", Verb.READ)
    grant = grant_of(session, "clerk", "teams")
    with pytest.raises(Conflict):
        services.act(session, SYSTEM, grant, "put_back")
    services.delete(session, SYSTEM, grant)
    assert grants.of_role(session, "clerk") == {}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"table_name": "nonsense"}, "table_name"),
        ({"table_name": "audit_logs", "verb": Verb.EDIT}, "verb"),
        ({"table_name": "webhooks", "rows": RowScope.OWN}, "rows"),
        ({"table_name": "skillsets", "rows": RowScope.TEAM}, "rows"),
        ({"table_name": "teams", "hidden_fields": ["nope"]}, "hidden_fields"),
        ({"table_name": "teams", "hidden_fields": ["name"]}, "hidden_fields"),
        ({"table_name": "customers"}, "verb"),
    ],
)
def test_a_wrong_grant_is_named(session, clerk, values, field):
    give(session, clerk, "customers", Verb.READ)
    with pytest.raises(Invalid) as problem:
        services.add(session, SYSTEM, AccessGrant, {"role_id": clerk.id, "verb": Verb.READ} | values)
    assert field_of(problem) == [field]


def test_a_field_is_hidden_with_every_verb_or_with_none(session, clerk):
    give(session, clerk, "teams", Verb.READ, hide=["description"])
    give(session, clerk, "teams", Verb.EDIT)
    assert grant_of(session, "clerk", "teams", Verb.EDIT).hidden_fields == ["description"]
    services.edit(session, SYSTEM, grant_of(session, "clerk", "teams"), {"hidden_fields": []})
    assert grants.of_role(session, "clerk")["teams"].hide == frozenset()


def test_administrators_keep_what_is_declared(session):
    grant = grant_of(session, "admin", "grants", Verb.EDIT)
    for change in (
        lambda: services.edit(session, SYSTEM, grant, {"rows": RowScope.NONE}),
        lambda: services.delete(session, SYSTEM, grant),
    ):
        with pytest.raises(Conflict):
            change()
        session.expire(grant)


def test_nobody_gives_more_than_they_have(session, desk, clerk, manager):
    for table, verb, rows, hide in (
        ("webhooks", Verb.READ, RowScope.ALL, ()),
        ("skillsets", Verb.EDIT, RowScope.OWN, ()),
        ("skillsets", Verb.READ, RowScope.ALL, ()),
        ("teams", Verb.READ, RowScope.ALL, ()),
    ):
        with pytest.raises(Invalid) as problem:
            give(session, clerk, table, verb, rows=rows, hide=hide, actor=manager)
        assert field_of(problem) == ["rows"], (table, verb)
    give(session, clerk, "skillsets", Verb.READ, rows=RowScope.OWN, actor=manager)
    give(session, clerk, "teams", Verb.READ, hide=["description"], actor=manager)
    grant = grant_of(session, "clerk", "skillsets")
    with pytest.raises(Invalid):
        services.edit(session, manager, grant, {"rows": RowScope.ALL})


def test_nobody_makes_or_gives_a_role_above_their_own(session, desk, clerk, manager):
    supervisor = role_of(session, "supervisor")
    with pytest.raises(Invalid) as problem:
        roles.add(session, manager, {"name": "boss", "title": "Boss", "based_on_id": supervisor.id})
    assert field_of(problem) == ["based_on_id"]
    give(session, clerk, "skillsets", Verb.READ, rows=RowScope.OWN)
    below = services.add(session, manager, Employee, {"name": "A", "email": "a@x.example", "role": "clerk"})
    for role in ("agent", "supervisor", "admin"):
        with pytest.raises(Invalid) as problem:
            services.edit(session, manager, below, {"role": role})
        assert field_of(problem) == ["role"]
        with pytest.raises(Invalid):
            services.add(session, manager, Employee, {"name": "B", "email": "b@x.example", "role": role})


def test_nobody_takes_over_an_account_above_their_own(session, desk, manager):
    admin = desk.employee(role=Role.ADMIN)
    desk.employee(role=Role.ADMIN)
    for values in ({"email": "mine@x.example"}, {"active": False}, {"role": "manager"}):
        with pytest.raises(Conflict):
            services.edit(session, manager, admin, values)
    for refused in (
        lambda: services.delete(session, manager, admin),
        lambda: services.act(session, manager, admin, "reset_second_factor"),
    ):
        with pytest.raises(Conflict, match="more than you"):
            refused()
    services.edit(session, manager, admin, {"name": "Other Name"})


def test_nobody_changes_their_own_role(session, manager):
    me = session.get_one(Employee, manager.id)
    with pytest.raises(Invalid) as problem:
        services.edit(session, manager, me, {"role": "admin"})
    assert field_of(problem) == ["role"]


def test_a_key_is_no_way_around(session, manager):
    for scope in ("admin", "read_tickets", "read_skillsets", "read_teams", "archive"):
        with pytest.raises(Invalid) as problem:
            services.add(session, manager, ApiKey, {"description": "x", "permissions": [scope]})
        assert field_of(problem) == ["permissions"]
    services.add(session, manager, ApiKey, {"description": "x", "permissions": ["read_employees"]})


def test_every_change_is_in_the_audit_log(session, desk, clerk):
    give(session, clerk, "teams", Verb.READ)
    grant = grant_of(session, "clerk", "teams")
    services.edit(session, SYSTEM, grant, {"hidden_fields": ["description"]})
    services.delete(session, SYSTEM, grant)
    services.delete(session, SYSTEM, clerk)
    told = list(session.scalars(select(AuditLog.action_type).order_by(AuditLog.id)))
    assert [one for one in told if one.startswith(("ROLE_", "ACCESS_GRANT_"))] == [
        "ROLE_CREATE", "ACCESS_GRANT_CREATE", "ACCESS_GRANT_UPDATE", "ACCESS_GRANT_DELETE", "ROLE_DELETE",
    ]  # fmt: skip


def test_a_row_stays_within_the_reach_of_who_writes_it(session, desk, clerk):
    for verb in Verb:
        give(session, clerk, "skillsets", verb, rows=RowScope.OWN)
    give(session, clerk, "employees", Verb.READ)
    me, other = desk.employee(), desk.employee()
    services.edit(session, SYSTEM, me, {"role": "clerk"})
    actor = desk.act(actor_of(session, me))
    mine = services.add(session, actor, Skill, {"employee_id": me.id, "skill_name": "Tax"})
    for write in (
        lambda: services.edit(session, actor, mine, {"employee_id": other.id}),
        lambda: services.add(session, actor, Skill, {"employee_id": other.id, "skill_name": "Law"}),
    ):
        savepoint = session.begin_nested()
        with pytest.raises(Invalid) as problem:
            write()
        savepoint.rollback()
        assert field_of(problem) == ["employee_id"]


def test_a_reference_leads_to_what_one_may_see(session, desk, clerk):
    give(session, clerk, "employee_teams", *Verb)
    me = desk.employee()
    services.edit(session, SYSTEM, me, {"role": "clerk"})
    actor, team = desk.act(actor_of(session, me)), desk.team()
    with pytest.raises(Invalid) as problem:
        services.add(session, actor, Membership, {"employee_id": me.id, "team_id": team.id})
    assert sorted(field_of(problem)) == ["employee_id", "team_id"]


def test_a_shared_macro_is_read_by_all_and_changed_by_its_owner(session, desk):
    owner, other = desk.employee(), desk.employee()
    values = {"title": "Thanks", "content": "Thank you.", "shared": True}
    macro = services.add(session, desk.as_employee(owner), Macro, values)
    actor = desk.as_employee(other)
    for write in (
        lambda: services.edit(session, actor, macro, {"content": "Mine now."}),
        lambda: services.delete(session, actor, macro),
    ):
        with pytest.raises(NotFound):
            write()


@pytest.mark.parametrize(
    ("verb", "mine", "allowed", "codes"),
    [
        (Can.READ, True, True, ["granted", "in_reach"]),
        (Can.READ, False, False, ["granted", "out_of_reach"]),
        (Can.DELETE, True, False, ["no_grant"]),
    ],
)
def test_why_is_told_step_by_step(session, desk, verb, mine, allowed, codes):
    team, other = desk.team(), desk.team()
    actor = desk.as_employee(desk.employee(team), team)
    ticket = desk.ticket(team_id=(team if mine else other).id)
    told = explain(actor, verb, ticket)
    assert (told.allowed, [reason.code for reason in told.reasons]) == (allowed, codes)
    assert all(str(reason.text) for reason in told.reasons)


def test_what_is_hidden_is_told_too(session, desk):
    told = explain(desk.as_employee(desk.employee()), Can.READ, Employee)
    assert [reason.code for reason in told.reasons] == ["granted", "all_rows", "hidden"]
    assert Scope.ALL is desk.as_employee(desk.employee()).grants["employees"].rows[Can.READ]
    assert explain(desk.as_key("read_skillsets"), Can.READ, Team).reasons[0].code == "no_scope"
