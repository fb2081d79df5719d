"""Employees: one role, one login, always an administrator, and links that work once."""

from __future__ import annotations

import datetime as dt
import re
import threading

import pytest
from flask_appbuilder.security.sqla.models import assoc_user_role
from sqlalchemy import delete, func, select

from app.access import SYSTEM
from app.core import clock
from app.core.declare import Role
from app.core.errors import Conflict, Invalid, NotFound
from app.models.mails import Mail
from app.models.people import Availability, Employee
from app.models.tokens import Purpose, Token
from app.models.webhooks import Event
from app.record import plainly
from app.services import employees, links

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
GOOD = "correct horse battery"


@pytest.fixture
def admin(desk):
    return desk.employee(role=Role.ADMIN)


def roles_of(session, employee):
    return session.scalar(
        select(func.count()).select_from(assoc_user_role).where(assoc_user_role.c.user_id == employee.id)
    )


def link_of(session, kind):
    mail = session.scalars(select(Mail).where(Mail.kind == kind).order_by(Mail.id.desc())).first()
    return re.search(r"/(?:password|enter|verify)/([\w-]+)", mail.body_text)[1]


def test_an_employee_is_made_with_one_login_and_an_invitation(session, desk, admin):
    made = employees.add(
        session,
        desk.as_employee(admin),
        {"name": "Ada King Lovelace", "email": "Ada@Desk.Example", "role": "supervisor"},
    )
    assert (made.first_name, made.last_name) == ("Ada King", "Lovelace")
    assert (made.email, made.username, made.role) == ("ada@desk.example", "ada@desk.example", "supervisor")
    assert roles_of(session, made) == 1
    assert [role.name for role in made.roles] == ["supervisor"]
    chosen = employees.set_password(session, link_of(session, "invitation"), GOOD)
    assert chosen.id == made.id
    assert employees.authenticate(session, "ADA@desk.example ", GOOD) is made


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"role": "wizard"}, "role", "not_an_option"),
        ({"email": ""}, "email", "required"),
        ({"email": "nonsense"}, "email", "not_an_email"),
        ({"email": "a" * 120 + "@desk.example"}, "email", "too_long"),
        ({"id": 7}, "id", "unknown_field"),
        ({"password": "x"}, "password", "unknown_field"),
        ({"session_epoch": 7}, "session_epoch", "unknown_field"),
    ],
)
def test_wrong_values_are_named(session, admin, desk, values, field, code):
    with pytest.raises(Invalid) as problem:
        employees.add(session, SYSTEM, {"name": "Ada", "email": "ada@desk.example"} | values)
    assert [(error.field, error.code) for error in problem.value.errors] == [(field, code)]


def test_an_address_is_one_persons(session, desk):
    other = desk.employee()
    with pytest.raises(Invalid) as problem:
        employees.add(session, SYSTEM, {"name": "Ada", "email": other.email.upper()})
    assert problem.value.errors[0].code == "taken"


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR])
def test_only_administrators_make_and_change_employees(session, desk, role):
    actor, other = desk.as_employee(desk.employee(role=role)), desk.employee()
    with pytest.raises(NotFound):
        employees.add(session, actor, {"name": "Ada", "email": "ada@desk.example"})
    with pytest.raises(NotFound):
        employees.edit(session, actor, other, {"name": "Other"})
    with pytest.raises(NotFound):
        employees.delete(session, actor, other)


@pytest.mark.parametrize(
    ("values", "ended"),
    [
        ({"role": "supervisor"}, True),
        ({"active": False}, True),
        ({"email": "new@desk.example"}, True),
        ({"name": "New Name"}, False),
        ({"capacity": 3}, False),
        ({"role": "agent"}, False),
    ],
)
def test_sessions_end_with_role_address_and_deactivation(session, desk, values, ended):
    employee = desk.employee()
    before = employee.session_epoch
    employees.edit(session, SYSTEM, employee, values)
    assert (employee.session_epoch > before) is ended
    assert roles_of(session, employee) == 1


def test_agents_change_what_is_their_own_and_no_more(session, desk):
    agent = desk.employee()
    actor = desk.as_employee(agent)
    employees.edit(session, actor, agent, {"availability": Availability.AWAY, "language": "de"})
    assert agent.availability is Availability.AWAY
    with pytest.raises(NotFound):
        employees.edit(session, actor, agent, {"capacity": 99})
    with pytest.raises(NotFound):
        employees.edit(session, actor, agent, {"role": "admin"})


def test_administrators_keep_their_own_role(session, desk, admin):
    desk.employee(role=Role.ADMIN)
    actor = desk.as_employee(admin)
    for name, value in (("role", "agent"), ("active", False)):
        with pytest.raises(Invalid) as problem:
            employees.edit(session, actor, admin, {name: value})
        assert problem.value.errors[0].field == name
    with pytest.raises(Invalid):
        employees.delete(session, actor, admin)
    employees.edit(session, actor, admin, {"role": "admin", "active": True, "name": "Same Role"})
    assert admin.name == "Same Role"


@pytest.mark.parametrize("values", [{"role": "agent"}, {"active": False}])
def test_the_last_administrator_stays(session, desk, admin, values):
    desk.employee(role=Role.ADMIN, active=False)
    with pytest.raises(Conflict):
        employees.edit(session, SYSTEM, admin, values)
    with pytest.raises(Conflict):
        employees.delete(session, SYSTEM, admin)
    desk.employee(role=Role.ADMIN)
    employees.edit(session, SYSTEM, admin, values)


def test_two_administrators_cannot_demote_each_other_at_once(engine, new_session):
    first, second = new_session(engine), new_session(engine)
    pair = [
        employees.add(first, SYSTEM, {"name": name, "email": f"{name}@twin.example", "role": "admin"})
        for name in ("eve", "ivy")
    ]
    first.commit()
    ids = [employee.id for employee in pair]
    try:
        employees.edit(first, SYSTEM, first.get_one(Employee, ids[0]), {"role": "agent"})
        refused: list[BaseException] = []

        def demote_the_other() -> None:
            try:
                employees.edit(second, SYSTEM, second.get_one(Employee, ids[1]), {"role": "agent"})
            except Conflict as problem:
                refused.append(problem)

        other = threading.Thread(target=demote_the_other)
        other.start()
        other.join(0.3)
        assert other.is_alive(), "the second waits for the first"
        first.commit()
        other.join(10)
        assert len(refused) == 1
    finally:
        second.rollback()
        clean_up(first, ids)
        second.close()


def clean_up(session, ids):
    for employee in session.scalars(select(Employee).where(Employee.id.in_(ids))):
        session.delete(employee)
    for left in (Mail, Token, Event):
        session.execute(delete(left), execution_options=plainly)
    session.commit()
    session.close()


def test_who_worked_is_deactivated_not_deleted(session, desk):
    worked, idle = desk.employee(), desk.employee(desk.team(), {"Billing": 3})
    desk.ticket(assignee_id=worked.id)
    with pytest.raises(Conflict):
        employees.delete(session, SYSTEM, worked)
    employees.delete(session, SYSTEM, idle)
    assert session.get(Employee, idle.id) is None
    assert roles_of(session, idle) == 0


def test_a_link_sets_a_password_once_and_ends_sessions(session, desk):
    employee = desk.employee()
    before = employee.session_epoch
    employees.request_reset(session, employee.email.upper())
    raw = link_of(session, "reset")
    assert links.find(session, Purpose.RESET, raw) is not None
    with pytest.raises(Invalid) as problem:
        employees.set_password(session, raw, "12345678")
    assert problem.value.errors[0].code == "too_common"
    employees.set_password(session, raw, GOOD)
    assert employee.session_epoch == before + 1
    with pytest.raises(NotFound):
        employees.set_password(session, raw, GOOD + "!")


@pytest.mark.parametrize(
    ("purpose", "works"), [("invite", dt.timedelta(days=7)), ("reset", dt.timedelta(minutes=15))]
)
def test_links_end_in_time(session, desk, purpose, works):
    employee = desk.employee()
    with clock.frozen(NOW):
        raw = links.make(session, Purpose(purpose), "employee", employee.id)
        session.flush()
    with clock.frozen(NOW + works), pytest.raises(NotFound):
        employees.set_password(session, raw, GOOD)
    with clock.frozen(NOW + works - dt.timedelta(seconds=1)):
        assert employees.set_password(session, raw, GOOD) is employee


def test_a_customers_link_is_no_employees(session, desk):
    customer = desk.customer()
    employee = desk.employee()
    raw = links.make(session, Purpose.RESET, "customer", employee.id)
    session.flush()
    assert customer.id
    with pytest.raises(NotFound):
        employees.set_password(session, raw, GOOD)


def test_nobody_unknown_or_inactive_comes_in(session, desk):
    employee = desk.employee()
    employees.set_password(session, employees.invite(session, employee), GOOD)
    assert employees.authenticate(session, employee.email, GOOD) is employee
    assert employees.authenticate(session, employee.email, "wrong password") is None
    assert employees.authenticate(session, "nobody@desk.example", GOOD) is None
    raw = employees.invite(session, employee)
    employees.edit(session, SYSTEM, employee, {"active": False})
    assert employees.authenticate(session, employee.email, GOOD) is None
    with pytest.raises(NotFound):
        employees.set_password(session, raw, GOOD)


def test_nothing_is_mailed_to_unknown_addresses(session, desk):
    employees.request_reset(session, "nobody@desk.example")
    assert session.scalars(select(Mail)).all() == []
    assert session.scalars(select(Token)).all() == []


def test_another_password_needs_the_present_one(session, desk):
    employee = desk.employee()
    employees.set_password(session, employees.invite(session, employee), GOOD)
    with pytest.raises(Invalid) as problem:
        employees.change_password(session, employee, "wrong", GOOD + "!")
    assert problem.value.errors[0].field == "current"
    before = employee.session_epoch
    employees.change_password(session, employee, GOOD, GOOD + "!")
    assert employee.session_epoch == before + 1
    assert employees.authenticate(session, employee.email, GOOD) is None


def test_links_are_kept_as_digests_only(session, desk):
    raw = employees.invite(session, desk.employee())
    kept = session.scalars(select(Token)).one()
    assert raw not in repr(vars(kept))
    assert len(kept.digest) == 64
