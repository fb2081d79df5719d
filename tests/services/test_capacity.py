"""The own limit: within the capacity, over by itself, and what routing goes by."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.core import clock
from app.core.declare import Role
from app.core.errors import Invalid, NotFound
from app.models.audit import AuditLog
from app.models.tickets import Assignment
from app.services import employees
from app.services.routing.agents import Wish, candidates

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
ENDS = (None, NOW - HOUR, NOW, NOW + HOUR)
PEOPLE = st.tuples(st.integers(0, 3), st.none() | st.integers(0, 4), st.sampled_from(ENDS))


def meant(capacity, own, until):
    """What somebody takes, said once more and otherwise than the program does."""
    holds = own is not None and (until is None or until > NOW)
    return min(capacity, own) if holds else capacity


def anew(session, employee):
    session.expire(employee)
    return employee.effective_capacity


@pytest.mark.parametrize("until", ENDS)
@pytest.mark.parametrize("own", [None, 0, 3, 20, 21])
def test_the_lower_counts_while_the_own_limit_holds(session, desk, own, until):
    with clock.frozen(NOW):
        one = desk.employee(capacity=20, own_capacity=own, own_capacity_until=until)
        assert anew(session, one) == meant(20, own, until)


def test_a_limit_ends_with_nothing_written(session, desk):
    one = desk.employee(capacity=9)
    with clock.frozen(NOW):
        employees.edit(
            session, desk.as_employee(one), one, {"own_capacity": 2, "own_capacity_until": NOW + HOUR}
        )
        version = one.version
        assert anew(session, one) == 2
    with clock.frozen(NOW + HOUR):
        assert anew(session, one) == 9
    assert one.version == version


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PEOPLE, min_size=1, max_size=3), st.integers(0, 7))
def test_routing_gives_nobody_more_than_they_take(session, desk, people, count):
    with session.begin_nested() as undone, clock.frozen(NOW):
        team = desk.team()
        takes = {}
        for capacity, own, until in people:
            one = desk.employee(team, capacity=capacity, own_capacity=own, own_capacity_until=until)
            takes[one.id] = meant(capacity, own, until)
        desk.rule(action={"team": team.id, "agent": {}})
        for _number in range(count):
            desk.ticket()
        held = select(Assignment.employee_id, func.count()).where(Assignment.employee_id.in_(takes))
        given_to = dict(session.execute(held.group_by(Assignment.employee_id)).all())
        assert all(given_to.get(one, 0) <= most for one, most in takes.items())
        assert sum(given_to.values()) == min(count, sum(takes.values()))
        seen = {one.employee_id: one.capacity for one in candidates(session, team.id, Wish())}
        assert seen == takes
        undone.rollback()
    session.expunge_all()


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({"own_capacity": 5}, (5, None)),
        ({"own_capacity": 0, "own_capacity_until": NOW + HOUR}, (0, NOW + HOUR)),
        ({"own_capacity": None}, (None, None)),
        ({"own_capacity": None, "own_capacity_until": NOW + HOUR}, (None, None)),
        ({"own_capacity_until": NOW + HOUR}, (3, NOW + HOUR)),
        ({"own_capacity_until": None}, (3, None)),
        ({"own_capacity": 3, "own_capacity_until": NOW - HOUR}, (3, NOW - HOUR)),
        ({"name": "Ada"}, (3, NOW - HOUR)),
    ],
)
def test_what_people_say_of_themselves_is_kept(session, desk, values, kept):
    one = desk.employee(capacity=5, own_capacity=3, own_capacity_until=NOW - HOUR)
    with clock.frozen(NOW):
        employees.edit(session, desk.as_employee(one), one, values)
    assert (one.own_capacity, one.own_capacity_until) == kept


@pytest.mark.parametrize(
    ("values", "field", "remedy"),
    [
        ({"own_capacity": 6}, "own_capacity", "At most 5"),
        ({"own_capacity": -1}, "own_capacity", "The least possible is 0"),
        ({"own_capacity": 2, "own_capacity_until": NOW}, "own_capacity_until", "Choose a later one"),
    ],
)
def test_what_cannot_be_names_the_field_and_the_remedy(session, desk, values, field, remedy):
    one = desk.employee(capacity=5)
    with clock.frozen(NOW), pytest.raises(Invalid) as problem:
        employees.edit(session, desk.as_employee(one), one, values)
    assert [error.field for error in problem.value.errors] == [field]
    assert remedy in str(problem.value.errors[0].message)


def test_who_plans_may_lower_the_capacity_below_an_own_limit(session, desk):
    one, supervisor = desk.employee(capacity=5, own_capacity=4), desk.employee(role=Role.SUPERVISOR)
    employees.plan(session, desk.as_employee(supervisor), one, {"capacity": 2})
    assert anew(session, one) == 2
    employees.edit(session, desk.as_employee(one), one, {"own_capacity": 4, "name": "Ada"})  # as it was
    assert (one.name, one.own_capacity) == ("Ada", 4)


def test_an_own_limit_is_ones_own(session, desk):
    one, other = desk.employee(), desk.employee(role=Role.SUPERVISOR)
    actor = desk.as_employee(other)
    with pytest.raises(NotFound):
        employees.edit(session, actor, one, {"own_capacity": 1})
    with pytest.raises(Invalid):
        employees.plan(session, actor, one, {"own_capacity": 1})
    with pytest.raises(NotFound):
        employees.edit(session, desk.as_employee(one), one, {"own_capacity": 1, "capacity": 99})


def test_it_is_audited(session, desk):
    one = desk.employee(capacity=5)
    employees.edit(session, desk.as_employee(one), one, {"own_capacity": 1})
    newest = session.scalars(select(AuditLog).order_by(AuditLog.id.desc()).limit(1)).one()
    assert (newest.object_table, newest.performed_by) == ("employees", f"employee:{one.id}")
    assert newest.action_details["after"]["own_capacity"] == 1


@pytest.mark.parametrize(
    ("zone", "ends"),
    [("Asia/Tokyo", "2026-03-02T15:00+00:00"), ("America/New_York", "2026-03-03T05:00+00:00")],
)
def test_a_day_ends_where_the_person_is(session, zone, ends):
    with clock.frozen(NOW):
        assert employees.end_of_day(session, zone) == dt.datetime.fromisoformat(ends)
