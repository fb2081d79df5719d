"""Shifts, business hours and who is there: the clock of a place, midnight, and the days it is put forward."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import services
from app.access import SYSTEM
from app.core import clock
from app.core.errors import Invalid
from app.criteria.calendar import ALWAYS_OPEN
from app.models.coverage import BusinessHours, Holiday, OpenInterval, Shift
from app.models.people import Availability
from app.services.coverage import OpeningHours, Stretch, calendar_of, moment_of, present
from app.services.coverage.stretch import gaps
from app.services.routing.agents import Wish, candidates

BERLIN = "Europe/Berlin"
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def at(day: str, time: str, zone: str = BERLIN) -> dt.datetime:
    """2026-03-02 is a Monday."""
    return dt.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("starts", "ends", "day", "time", "there"),
    [
        ("08:00", "16:00", "2026-03-02", "07:59", False),
        ("08:00", "16:00", "2026-03-02", "08:00", True),
        ("08:00", "16:00", "2026-03-02", "16:00", False),
        ("08:00", "16:00", "2026-03-03", "10:00", False),
        ("22:00", "06:00", "2026-03-02", "23:00", True),
        ("22:00", "06:00", "2026-03-03", "05:59", True),
        ("22:00", "06:00", "2026-03-03", "06:00", False),
        ("22:00", "06:00", "2026-03-02", "05:00", False),
        ("00:00", "24:00", "2026-03-02", "23:59", True),
        ("00:00", "24:00", "2026-03-03", "00:00", False),
    ],
)
def test_a_monday_covers(starts: str, ends: str, day: str, time: str, there: bool) -> None:
    assert Stretch(1, starts, ends, BERLIN).covers(at(day, time)) is there


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 7), ("2026-10-25", 9), ("2026-06-07", 8)])
def test_a_night_is_shorter_or_longer_when_the_clock_is_changed(day: str, hours: int) -> None:
    span = Stretch(7, "00:00", "08:00", BERLIN).on(dt.date.fromisoformat(day))
    assert span is not None
    assert span[1] - span[0] == hours * HOUR


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (Stretch(1, "08:00", "12:00", BERLIN), Stretch(1, "12:00", "16:00", BERLIN), False),
        (Stretch(1, "08:00", "12:15", BERLIN), Stretch(1, "12:00", "16:00", BERLIN), True),
        (Stretch(1, "22:00", "06:00", BERLIN), Stretch(2, "05:00", "09:00", BERLIN), True),
        (Stretch(7, "22:00", "06:00", BERLIN), Stretch(1, "05:00", "09:00", BERLIN), True),
        (Stretch(1, "08:00", "09:00", BERLIN), Stretch(1, "07:00", "08:00", "UTC"), True),  # in winter
        (Stretch(1, "09:00", "10:00", BERLIN), Stretch(1, "07:00", "08:00", "UTC"), True),  # in summer
        (Stretch(1, "10:00", "11:00", BERLIN), Stretch(1, "07:00", "08:00", "UTC"), False),
    ],
)
def test_overlaps(one: Stretch, other: Stretch, overlap: bool) -> None:
    assert one.overlaps(other) is overlap
    assert other.overlaps(one) is overlap


@pytest.mark.parametrize(
    ("availability", "follows", "shifts", "there"),
    [
        (Availability.AVAILABLE, True, None, True),
        (Availability.AVAILABLE, True, [["1", "08:00", "16:00", BERLIN]], True),
        (Availability.AVAILABLE, True, [["2", "08:00", "16:00", BERLIN]], False),
        (Availability.AVAILABLE, False, [["2", "08:00", "16:00", BERLIN]], True),
        (Availability.BUSY, True, [["1", "08:00", "16:00", BERLIN]], False),
        (Availability.AWAY, False, None, False),
    ],
)
def test_who_is_there(availability: Availability, follows: bool, shifts: list, there: bool) -> None:
    assert present(availability, follows, shifts, at("2026-03-02", "10:00")) is there


MIDWEEK = dt.date(2026, 3, 4)
WEEK = OpeningHours(
    tuple(Stretch(day, "09:00", "17:00", BERLIN) for day in range(1, 6)), BERLIN, frozenset({MIDWEEK})
)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (("2026-03-02", "10:00"), 2, ("2026-03-02", "12:00")),
        (("2026-03-02", "16:00"), 2, ("2026-03-03", "10:00")),
        (("2026-03-03", "16:00"), 2, ("2026-03-05", "10:00")),  # Wednesday is a holiday
        (("2026-03-06", "16:00"), 2, ("2026-03-09", "10:00")),
        (("2026-03-07", "12:00"), 1, ("2026-03-09", "10:00")),
        (("2026-03-02", "10:00"), -2, ("2026-02-27", "16:00")),
        (("2026-03-05", "10:00"), -2, ("2026-03-03", "16:00")),
        (("2026-03-27", "16:00"), 9, ("2026-03-30", "17:00")),  # the clock is put forward between
    ],
)
def test_open_time_is_counted(start: tuple[str, str], hours: int, end: tuple[str, str]) -> None:
    assert WEEK.shift(at(*start), hours * HOUR) == at(*end)


@given(
    st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 12, 1), timezones=st.just(dt.UTC)),  # noqa: DTZ001
    st.integers(1, 200),
)
def test_there_and_back_lies_within_open_time(start: dt.datetime, hours: int) -> None:
    there = WEEK.shift(start, hours * HOUR)
    back = WEEK.shift(there, -hours * HOUR)
    assert there > start
    assert back >= start
    assert not any(WEEK.is_open(start + step * HOUR) for step in range(int((back - start) / HOUR)))


def test_gaps_are_what_nobody_covers() -> None:
    def span(first: int, last: int) -> tuple[dt.datetime, dt.datetime]:
        day = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
        return day + first * HOUR, day + last * HOUR

    assert gaps(span(8, 18), []) == [span(8, 18)]
    assert gaps(span(8, 18), [span(7, 12), span(11, 13), span(15, 20)]) == [span(13, 15)]
    assert gaps(span(8, 18), [span(10, 12)]) == [span(8, 10), span(12, 18)]
    assert gaps(span(8, 18), [span(0, 24)]) == []
    assert gaps(span(8, 18), [span(1, 2), span(20, 21)]) == [span(8, 18)]


@pytest.fixture
def team(desk):
    return desk.team()


def shift(session, person, team, weekday="1", starts="08:00", ends="16:00", **more):
    values = {
        "employee_id": person.id,
        "team_id": team.id,
        "weekday": weekday,
        "starts": starts,
        "ends": ends,
    }
    return services.add(session, SYSTEM, Shift, values | more)


def test_nobody_works_twice_at_once(session, desk, team):
    person, other = desk.employee(team), desk.employee(team)
    first = shift(session, person, team)
    shift(session, other, team)
    late = shift(session, person, desk.team(), starts="16:00", ends="22:00")
    with pytest.raises(Invalid, match="works then already"):
        shift(session, person, desk.team(), starts="15:45", ends="18:00")
    with pytest.raises(Invalid, match="works then already"):
        services.edit(session, SYSTEM, late, {"starts": "15:00"})
    services.edit(session, SYSTEM, first, {"ends": "15:00"})


@pytest.mark.parametrize("wrong", [{"starts": "8 o'clock"}, {"starts": "16:00"}, {"time_zone": "Moon"}])
def test_a_shift_is_checked(session, desk, team, wrong):
    with pytest.raises(Invalid):
        shift(session, desk.employee(team), team, **wrong)


def test_routing_asks_the_plan(session, desk, team):
    on, off = desk.employee(team), desk.employee(team)
    free, busy = desk.employee(team), desk.employee(team, availability=Availability.BUSY)
    shift(session, on, team, time_zone=BERLIN)
    shift(session, off, team, weekday="2", time_zone=BERLIN)
    shift(session, busy, team, time_zone=BERLIN)
    shift(session, free, desk.team(), weekday="2")  # another team's plan says nothing about this one
    with clock.frozen(at("2026-03-02", "10:00")):
        found = {one.employee_id: one.skipped for one in candidates(session, team.id, Wish())}
    assert found == {on.id: None, free.id: None, off.id: "off_shift", busy.id: "unavailable"}
    off.follows_shifts = False
    session.flush()
    with clock.frozen(at("2026-03-02", "10:00")):
        found = {one.employee_id: one.skipped for one in candidates(session, team.id, Wish())}
    assert found[off.id] is None


def test_the_hours_of_the_desk_count_where_a_team_has_none(session, desk, team):
    assert calendar_of(session) is ALWAYS_OPEN
    for owner, starts in ((None, "09:00"), (team, "12:00")):
        values = {"name": "x", "team_id": owner and owner.id, "time_zone": BERLIN}
        hours = services.add(session, SYSTEM, BusinessHours, values)
        open_ = {"hours_id": hours.id, "weekday": "1", "starts": starts, "ends": "17:00"}
        services.add(session, SYSTEM, OpenInterval, open_)
    ten = at("2026-03-02", "10:00")
    assert calendar_of(session).is_open(ten)
    assert calendar_of(session, desk.team().id).is_open(ten)
    assert not calendar_of(session, team.id).is_open(ten)
    services.add(session, SYSTEM, Holiday, {"hours_id": hours.id, "day": dt.date(2026, 3, 2), "name": "Fair"})
    assert not calendar_of(session, team.id).is_open(at("2026-03-02", "13:00"))
    with clock.frozen(ten):
        assert moment_of(session).is_open
        assert not moment_of(session, team_id=team.id).is_open


@pytest.mark.parametrize(("starts", "ends"), [("17:00", "09:00"), ("09:00", "09:00"), ("10:00", "18:00")])
def test_open_hours_are_forward_and_none_twice(session, starts, ends):
    hours = services.add(session, SYSTEM, BusinessHours, {"name": "x", "time_zone": BERLIN})
    values = {"hours_id": hours.id, "weekday": "1", "starts": "09:00", "ends": "12:00"}
    services.add(session, SYSTEM, OpenInterval, values)
    with pytest.raises(Invalid):
        services.add(session, SYSTEM, OpenInterval, values | {"starts": starts, "ends": ends})


def test_a_rule_goes_by_the_hours_of_the_team(session, desk, team):
    desk.rule(
        {"all": [{"field": "now", "op": "business_hours"}]},
        {"priority": "urgent"},
    )
    hours = services.add(session, SYSTEM, BusinessHours, {"name": "x", "time_zone": BERLIN})
    open_ = {"hours_id": hours.id, "weekday": "1", "starts": "09:00", "ends": "17:00"}
    services.add(session, SYSTEM, OpenInterval, open_)
    with clock.frozen(at("2026-03-02", "10:00")):
        assert desk.ticket().priority == "urgent"
    with clock.frozen(at("2026-03-02", "18:00")):
        assert desk.ticket().priority != "urgent"
