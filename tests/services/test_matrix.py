"""The grants of a role as one matrix: what is changed is written, what others changed is not undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.declare import Role
from app.core.errors import Conflict, Invalid, NotFound
from app.models.access import AccessGrant, DeskRole, Origin, RowScope, Verb
from app.models.audit import AuditLog
from app.models.people import Employee
from app.services import employees, grants, role_end, roles
from app.services.matrix import HIDE, Matrix, Overtaken, declared, matrix_of, save

NO, OWN, TEAM, ALL = RowScope.NONE, RowScope.OWN, RowScope.TEAM, RowScope.ALL


def role_named(session: Session, name: str) -> DeskRole:
    return session.scalars(select(DeskRole).where(DeskRole.name == name)).one()


def changed(
    matrix: Matrix, table: str, rows: Mapping[Verb, RowScope] | None = None, hide: Iterable[str] | None = None
) -> Matrix:
    line = matrix[table]
    told = {**line.rows, **(rows or {})}
    return {**matrix, table: replace(line, rows=told, hide=line.hide if hide is None else frozenset(hide))}


def origins(session: Session, role: DeskRole, table: str) -> dict[Verb, tuple[RowScope, Origin]]:
    of_table = (AccessGrant.role_id == role.id, AccessGrant.table_name == table)
    return {one.verb: (one.rows, one.origin) for one in session.scalars(select(AccessGrant).where(*of_table))}


def test_a_fresh_desk_is_as_declared(session: Session) -> None:
    for role in Role:
        desk_role = role_named(session, role)
        assert matrix_of(session, desk_role) == declared(desk_role)


def test_each_kind_of_change(session: Session, desk: Any) -> None:
    agent, admin = role_named(session, "agent"), desk.as_employee(desk.employee(role=Role.ADMIN))
    base = matrix_of(session, agent)
    wanted = changed(base, "tickets", {Verb.EDIT: OWN, Verb.ADD: NO, Verb.DELETE: TEAM}, ["email"])
    assert save(session, admin, agent, base, wanted) == 4
    assert matrix_of(session, agent) == wanted
    assert origins(session, agent, "tickets") == {
        Verb.READ: (TEAM, Origin.CHANGED),
        Verb.ADD: (NO, Origin.CHANGED),
        Verb.EDIT: (OWN, Origin.CHANGED),
        Verb.DELETE: (TEAM, Origin.CHANGED),
    }
    logged = session.scalars(select(AuditLog.action_type).where(AuditLog.object_table == "grants")).all()
    assert {"ACCESS_GRANT_CREATE", "ACCESS_GRANT_UPDATE"} <= set(logged)
    assert save(session, admin, agent, wanted, base) == 4
    assert matrix_of(session, agent) == base
    assert {origin for _rows, origin in origins(session, agent, "tickets").values()} == {Origin.DECLARED}


def test_what_others_changed_elsewhere_stays(session: Session) -> None:
    agent = role_named(session, "agent")
    base = matrix_of(session, agent)
    save(session, SYSTEM, agent, base, changed(base, "teams", {Verb.READ: NO}))
    save(session, SYSTEM, agent, base, changed(base, "tickets", {Verb.EDIT: OWN}))
    now = matrix_of(session, agent)
    assert (now["teams"].rows[Verb.READ], now["tickets"].rows[Verb.EDIT]) == (NO, OWN)


@pytest.mark.parametrize(
    ("mine", "theirs", "clash"),
    [
        ({"rows": {Verb.EDIT: OWN}}, {"rows": {Verb.EDIT: ALL}}, [("tickets", "edit", ALL)]),
        ({"rows": {Verb.EDIT: OWN}}, {"rows": {Verb.EDIT: OWN}}, []),
        ({"hide": ["email"]}, {"hide": ["tags"]}, [("tickets", HIDE, frozenset({"tags"}))]),
    ],
)
def test_the_same_place_changed_twice_is_told(session: Session, mine: Any, theirs: Any, clash: Any) -> None:
    agent = role_named(session, "agent")
    base = matrix_of(session, agent)
    save(session, SYSTEM, agent, base, changed(base, "tickets", **theirs))
    present = matrix_of(session, agent)
    if not clash:
        save(session, SYSTEM, agent, base, changed(base, "tickets", **mine))
        return
    with pytest.raises(Overtaken) as caught:
        save(session, SYSTEM, agent, base, changed(base, "tickets", **mine))
    assert [(one.table, one.place, one.now) for one in caught.value.clashes] == clash
    assert matrix_of(session, agent) == present


def test_administrators_keep_what_is_declared(session: Session) -> None:
    role = role_named(session, "admin")
    base = matrix_of(session, role)
    with pytest.raises(Conflict):
        save(session, SYSTEM, role, base, changed(base, "tickets", {Verb.DELETE: NO}))


def custom(session: Session, desk: Any, *given: tuple[str, Verb, RowScope]) -> tuple[DeskRole, Employee]:
    role = roles.add(session, SYSTEM, {"name": "lead", "title": "Lead"})
    for table, verb, rows in given:
        grants.add(session, SYSTEM, {"role_id": role.id, "table_name": table, "verb": verb, "rows": rows})
    return role, desk.employee()


def test_nobody_raises_themselves_nor_gives_what_they_lack(session: Session, desk: Any) -> None:
    every = [("grants", verb, ALL) for verb in Verb]
    role, person = custom(session, desk, *every, ("tickets", Verb.READ, TEAM))
    person.role = role.name
    lead = desk.act(roles.actor_of(session, person))
    base = matrix_of(session, role)
    refused = {}
    for table, verb, rows in (
        ("tickets", Verb.READ, ALL),
        ("teams", Verb.READ, OWN),
        ("teams", Verb.EDIT, ALL),
    ):
        with pytest.raises(Invalid) as caught, session.begin_nested():
            save(session, lead, role, base, changed(base, table, {verb: rows}))
        refused |= {one.field: one.code for one in caught.value.errors}
    assert refused == {
        "tickets.read": "not_allowed",
        "teams.read": "not_possible",
        "teams.edit": "not_allowed",
    }


def test_who_may_not_edit_grants_finds_nothing(session: Session, desk: Any) -> None:
    agent = role_named(session, "agent")
    base = matrix_of(session, agent)
    with pytest.raises(NotFound):
        save(session, desk.as_employee(desk.employee()), agent, base, changed(base, "teams", {Verb.READ: NO}))


def test_a_role_ends_and_its_people_get_another(session: Session, desk: Any) -> None:
    role, person = custom(session, desk, ("tickets", Verb.READ, TEAM))
    role_name = role.name
    employees.edit(session, SYSTEM, person, {"role": role_name})
    for to in ("", role_name, "nobody"):
        with pytest.raises(Invalid):
            role_end.end(session, SYSTEM, role, to)
    assert role_end.end(session, SYSTEM, role, "agent") == 1
    assert person.role == "agent"
    assert session.scalar(select(DeskRole.id).where(DeskRole.name == role_name)) is None
