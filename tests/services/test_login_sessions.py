"""Sessions as rows: kept as digests, ended one by one or all at once, and never older than they may be."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.access import SYSTEM
from app.core import clock
from app.core.errors import NotFound
from app.models.audit import AuditLog
from app.models.customers import Customer
from app.models.people import Employee
from app.models.sessions import LoginSession
from app.services import customers, employees, login_sessions

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
GOOD = "correct horse battery"


@pytest.fixture(params=["employee", "customer"])
def holder(request, desk):
    return desk.employee() if request.param == "employee" else desk.customer()


def holds(session, holder, raw):
    kind = type(holder)
    found = select(kind.id).join(LoginSession, login_sessions.holds(kind))
    return session.scalar(found, login_sessions.asked(raw)) == holder.id


def begin(session, holder):
    return login_sessions.begin(session, holder, "10.0.0.1", "curl/8")


def test_only_the_digest_is_kept(session, holder):
    raw = begin(session, holder)
    kept = session.scalars(select(LoginSession)).one()
    assert raw not in repr(vars(kept))
    assert (kept.ip, kept.browser, kept.system) == ("10.0.0.1", "curl", "")
    assert holds(session, holder, raw)
    assert not holds(session, holder, kept.digest)


def test_every_session_has_an_id_of_its_own(session, holder):
    assert len({begin(session, holder) for _ in range(5)}) == 5
    assert len(login_sessions.of(session, holder)) == 5


def test_one_ends_and_the_others_stay(session, holder):
    here, there = begin(session, holder), begin(session, holder)
    number = session.scalars(select(LoginSession.id).order_by(LoginSession.id)).first()
    login_sessions.end(session, holder, number)
    assert (holds(session, holder, here), holds(session, holder, there)) == (False, True)
    with pytest.raises(NotFound):
        login_sessions.end(session, holder, number)


def test_somebody_elses_session_is_not_there(session, desk, holder):
    theirs = begin(session, desk.employee() if isinstance(holder, Employee) else desk.customer())
    assert theirs
    number = session.scalars(select(LoginSession.id)).one()
    with pytest.raises(NotFound):
        login_sessions.end(session, holder, number)
    login_sessions.end_others(session, holder, "x")
    login_sessions.end_all(session, holder)
    assert session.scalars(select(LoginSession.id)).one() == number


def test_an_employee_and_a_customer_of_one_number_do_not_meet(session, desk):
    employee = desk.employee()
    customer = desk.customer(id=employee.id)
    raw = begin(session, employee)
    assert holds(session, employee, raw)
    assert not holds(session, customer, raw)


def test_all_others_end_and_this_one_stays(session, holder):
    raws = [begin(session, holder) for _ in range(3)]
    login_sessions.end_others(session, holder, raws[1])
    assert [holds(session, holder, raw) for raw in raws] == [False, True, False]


def test_a_session_that_begins_with_what_held_before_is_ended_too(session, holder):
    raw = begin(session, holder)
    login_sessions.end_all(session, holder)
    session.flush()
    late = LoginSession(digest="0" * 64, epoch=holder.session_epoch - 1, browser="", system="")
    link = "employee_id" if isinstance(holder, Employee) else "customer_id"
    setattr(late, link, holder.id)
    session.add(late)
    session.flush()
    assert not holds(session, holder, raw)
    assert login_sessions.of(session, holder) == []


@pytest.mark.parametrize(
    ("kind", "unused", "whole"),
    [("employee", dt.timedelta(hours=12), dt.timedelta(days=7)), ("customer", *[dt.timedelta(days=30)] * 2)],
)
def test_sessions_end_in_time(session, desk, kind, unused, whole):
    holder = desk.employee() if kind == "employee" else desk.customer()
    second = dt.timedelta(seconds=1)
    with clock.frozen(NOW):
        raw = begin(session, holder)
    number = session.scalars(select(LoginSession.id)).one()
    with clock.frozen(NOW + unused):
        assert not holds(session, holder, raw)
        assert login_sessions.of(session, holder) == []
    moment = NOW
    while moment + unused - second < NOW + whole:
        moment += unused - second
        with clock.frozen(moment):
            assert holds(session, holder, raw)
            login_sessions.note_use(session, number)
    with clock.frozen(NOW + whole):
        assert not holds(session, holder, raw)


def change_password(session, person):
    if isinstance(person, Customer):
        customers.set_password(session, person, GOOD)
    else:
        employees.set_password(session, employees.invite(session, person), GOOD)


@pytest.mark.parametrize(
    "deed",
    [
        change_password,
        lambda session, person: employees.edit(session, SYSTEM, person, {"role": "supervisor"}),
        lambda session, person: employees.edit(session, SYSTEM, person, {"active": False}),
        lambda session, person: employees.edit(session, SYSTEM, person, {"email": "new@desk.example"}),
    ],
    ids=["password", "role", "active", "address"],
)
def test_what_ends_the_sessions_of_an_employee(session, desk, deed):
    employee = desk.employee()
    raw = begin(session, employee)
    deed(session, employee)
    session.flush()
    assert not holds(session, employee, raw)
    assert session.scalars(select(LoginSession)).all() == []


@pytest.mark.parametrize(
    "deed",
    [
        change_password,
        lambda session, person: customers.edit(session, SYSTEM, person, {"email": "new@example.com"}),
    ],
    ids=["password", "address"],
)
def test_what_ends_the_sessions_of_a_customer(session, desk, deed):
    customer = desk.customer()
    raw = begin(session, customer)
    deed(session, customer)
    session.flush()
    assert not holds(session, customer, raw)


def test_what_people_do_with_sessions_is_audited(session, desk):
    employee = desk.employee()
    raws = [begin(session, employee) for _ in range(3)]
    login_sessions.end(session, employee, session.scalars(select(LoginSession.id)).first())
    login_sessions.end_others(session, employee, raws[2])
    login_sessions.leave(session, employee, raws[2])
    said = session.scalars(select(AuditLog.action_type).order_by(AuditLog.id)).all()
    assert said[-3:] == ["EMPLOYEE_SESSION_END", "EMPLOYEE_SESSION_END", "EMPLOYEE_LOGOUT"]
