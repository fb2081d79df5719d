"""The second factor: proved before it counts, sealed at rest, and no code lets anybody in twice."""

from __future__ import annotations

import datetime as dt
import threading

import pyotp
import pytest
from sqlalchemy import delete, select

from app.access import SYSTEM
from app.adapters import totp
from app.core import clock
from app.core.declare import Role
from app.core.errors import Conflict, Invalid, NotFound
from app.models.audit import AuditLog
from app.models.mails import Mail
from app.models.people import Employee
from app.models.sessions import LoginSession, SecondFactor
from app.models.tokens import Token
from app.models.webhooks import Event
from app.record import plainly
from app.services import employees, login_sessions, second_factor

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
STEP = dt.timedelta(seconds=totp.SECONDS)


def code_at(secret, moment):
    return pyotp.TOTP(secret).at(moment)


@pytest.fixture
def secret():
    return totp.new_secret()


@pytest.fixture
def enrolled(session, desk, secret):
    """An employee with a second factor, and the recovery codes."""
    employee = desk.employee()
    with clock.frozen(NOW):
        codes = second_factor.enable(session, employee, secret, code_at(secret, NOW))
    return employee, codes


def test_a_secret_counts_once_a_code_of_it_was_typed(session, desk, secret):
    employee = desk.employee()
    with clock.frozen(NOW), pytest.raises(Invalid) as problem:
        second_factor.enable(session, employee, secret, code_at(secret, NOW + 5 * STEP))
    assert problem.value.errors[0].field == "code"
    assert second_factor.of(session, employee) is None
    assert not second_factor.passes(session, employee, code_at(secret, NOW))


def test_neither_secret_nor_codes_lie_open(session, enrolled, secret):
    employee, codes = enrolled
    kept = second_factor.of(session, employee)
    held = repr(vars(kept))
    assert secret not in held
    assert not any(totp.plain(code) in held or code in held for code in codes)
    assert second_factor.unseal(kept.secret) == secret
    assert len(set(codes)) == second_factor.CODES == len(kept.recovery)


def test_no_code_works_twice_nor_one_older_than_the_last(session, enrolled, secret):
    employee, _codes = enrolled
    with clock.frozen(NOW):
        assert not second_factor.passes(session, employee, code_at(secret, NOW)), "it proved the secret"
        assert second_factor.passes(session, employee, code_at(secret, NOW + STEP))
        assert not second_factor.passes(session, employee, code_at(secret, NOW + STEP))
        assert not second_factor.passes(session, employee, code_at(secret, NOW - STEP))
    with clock.frozen(NOW + 4 * STEP):
        assert not second_factor.passes(session, employee, code_at(secret, NOW + 2 * STEP)), "too late"
        assert second_factor.passes(session, employee, code_at(secret, NOW + 3 * STEP))


def test_a_recovery_code_works_once_however_it_is_typed(session, enrolled):
    employee, codes = enrolled
    with clock.frozen(NOW):
        assert second_factor.passes(session, employee, codes[0].lower().replace("-", " "))
        assert not second_factor.passes(session, employee, codes[0])
        assert second_factor.passes(session, employee, codes[1])
        assert len(second_factor.of(session, employee).recovery) == second_factor.CODES - 2


def test_new_codes_replace_the_old(session, enrolled):
    employee, codes = enrolled
    renewed = second_factor.renew_codes(session, employee)
    assert not second_factor.passes(session, employee, codes[3])
    assert second_factor.passes(session, employee, renewed[3])


def test_a_code_is_one_persons(session, desk, enrolled, secret):
    other = desk.employee()
    with clock.frozen(NOW):
        second_factor.enable(session, other, mine := totp.new_secret(), code_at(mine, NOW))
        assert not second_factor.passes(session, other, code_at(secret, NOW + STEP))


def test_turning_it_on_and_off_ends_sessions_and_is_audited(session, desk, secret):
    employee = desk.employee()
    login_sessions.begin(session, employee, None, "")
    with clock.frozen(NOW):
        second_factor.enable(session, employee, secret, code_at(secret, NOW))
        with pytest.raises(Conflict):
            second_factor.enable(session, employee, secret, code_at(secret, NOW + STEP))
    assert session.scalars(select(LoginSession)).all() == []
    login_sessions.begin(session, employee, None, "")
    second_factor.disable(session, employee)
    assert session.scalars(select(LoginSession)).all() == []
    for deed in (second_factor.disable, second_factor.renew_codes):
        with pytest.raises(Conflict):
            deed(session, employee)
    said = session.scalars(select(AuditLog.action_type)).all()
    assert {"EMPLOYEE_TOTP_ENABLE", "EMPLOYEE_TOTP_DISABLE"} <= set(said)


def test_an_administrator_resets_anothers_and_not_the_own(session, desk, enrolled):
    employee, _codes = enrolled
    admin = desk.employee(role=Role.ADMIN)
    with pytest.raises(NotFound):
        employees.reset_second_factor(session, desk.as_employee(desk.employee()), employee)
    employees.reset_second_factor(session, desk.as_employee(admin), employee)
    assert second_factor.of(session, employee) is None
    with clock.frozen(NOW):
        second_factor.enable(session, admin, own := totp.new_secret(), code_at(own, NOW))
    with pytest.raises(Conflict):
        employees.reset_second_factor(session, desk.as_employee(admin), admin)


@pytest.mark.parametrize("role", list(Role))
def test_a_setting_says_which_roles_need_one(session, desk, role):
    assert second_factor.is_required(desk.session, desk.employee(role=role)) is (role is Role.SUPERVISOR)


def test_of_two_who_send_one_code_at_once_one_comes_in(engine, new_session, secret, small_app):
    first = new_session(engine)
    employee = employees.add(first, SYSTEM, {"name": "Eve", "email": "eve@twin.example"})
    with clock.frozen(NOW):
        second_factor.enable(first, employee, secret, code_at(secret, NOW))
    first.commit()
    number, came_in, begin = employee.id, [], threading.Barrier(2)

    def try_once() -> None:
        with small_app.app_context(), clock.frozen(NOW), new_session(engine) as mine:
            person = mine.get_one(Employee, number)
            begin.wait(10)
            came_in.append(second_factor.passes(mine, person, code_at(secret, NOW + STEP)))
            mine.commit()

    threads = [threading.Thread(target=try_once) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    first.delete(first.get_one(Employee, number))
    for left in (SecondFactor, Mail, Token, Event):
        first.execute(delete(left), execution_options=plainly)
    first.commit()
    first.close()
    assert sorted(came_in) == [False, True]
