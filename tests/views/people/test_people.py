"""The skills matrix and the week of a team: what they show, what they write, and for whom."""

from __future__ import annotations

import re

import pytest

from app.access import SYSTEM
from app.core.extensions import db
from app.models.people import Availability, Employee
from app.record import act_as
from tests.views.people.conftest import Office

WEEK = "2026-03-02"
NARROW = str.maketrans("\u2009\u202f", "  ")
"""Thin spaces, which no person tells from others."""


def cell(office: Office, who: str, place: str = "0") -> str:
    return f"{office.ids[who]}.{place}"


def test_spellings_are_one_column_and_gaps_are_seen(office: Office) -> None:
    shown = office.client().get("/people/skills").text
    heads = re.findall(r'name="skill\.(\d+)" value="([^"]+)"', shown)
    assert [name.casefold() for _place, name in heads] == ["billing", "grinders"]
    assert "2 people, best 9" in shown
    assert f'name="level.{cell(office, "Ben")}" value="4"' in shown
    assert re.search(rf'class="input is-gap"[^>]*name="level.{cell(office, "Cleo")}"', shown)
    assert re.search(r'class="is-scarce">1 person', shown)


def test_a_cell_is_changed_added_and_emptied_and_others_stay(office: Office) -> None:
    typed = {
        "skill.0": "Billing", "skill.1": "Grinders", "skill.new": "Latte art",
        f"was.{cell(office, 'Ben')}": "4", f"level.{cell(office, 'Ben')}": "6",
        f"was.{cell(office, 'Ada', '1')}": "3", f"level.{cell(office, 'Ada', '1')}": "",
        f"level.{cell(office, 'Cleo')}": "2",
        f"level.{cell(office, 'Cleo', 'new')}": "10",
    }  # fmt: skip
    assert office.client().post("/people/skills", data=typed).status_code == 302
    assert office.levels("Ben") == {"billing": 6}  # their spelling stays
    assert office.levels("Ada") == {"Billing": 9}
    assert office.levels("Cleo") == {"Billing": 2, "Latte art": 10}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"skill.0": "Billing", "level": "11"}, "The greatest possible is 10."),
        ({"skill.0": "Billing", "level": "good"}, "Write a number"),
        ({"skill.0": "Billing", "level": "8", "was": "1"}, "Somebody changed this meanwhile"),
    ],
)
def test_a_wrong_cell_is_named_and_stays_typed(office: Office, typed: dict[str, str], said: str) -> None:
    before, key = office.levels("Ada"), cell(office, "Ada")
    sent = {"skill.0": typed["skill.0"], f"level.{key}": typed["level"], f"was.{key}": typed.get("was", "9")}
    answer = office.client().post("/people/skills", data=sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'name="level.{key}" value="{typed["level"]}"' in answer.text
    assert office.levels("Ada") == before


def test_a_team_narrows_the_table_and_agents_only_look(office: Office) -> None:
    shown = office.client().get(f"/people/skills?team={office.ids['team']}").text
    assert f'name="level.{office.ids["Super"]}.0"' not in shown
    own = office.client("Ben").get("/people/skills")
    assert 'name="level.' not in own.text
    assert office.client("Ben").post("/people/skills", data={}).status_code == 404


def test_the_week_shows_shifts_and_what_nobody_covers(office: Office) -> None:
    shown = office.client().get(f"/people/coverage?team={office.ids['team']}&week={WEEK}").text
    gaps = re.findall(r"<td[^>]*>(.*?)</td>", shown.split("week-gaps")[1].split("</tr>")[0])
    assert "covered" in gaps[0]  # Monday: Ada until 12, then Ben
    assert "12 – 5 PM" in gaps[1].translate(NARROW)
    assert gaps[5].strip() == gaps[6].strip() == ""
    assert shown.count('class="week-shift"') == 6


@pytest.mark.parametrize(("language", "hours"), [("en", "8 AM – 12 PM"), ("de", "08:00–12:00")])
def test_hours_are_as_short_as_the_clock_allows(office: Office, language: str, hours: str) -> None:
    path = f"/people/coverage?team={office.ids['team']}&week={WEEK}"
    shown = office.client().get(path, headers={"Accept-Language": language}).text
    assert hours in re.findall(r'class="week-shift"[^>]*>\u2068(.*?)\u2069', shown)[0].translate(NARROW)


def test_who_plans_says_who_is_there(office: Office) -> None:
    typed = {"availability": "busy", "capacity": "7", "team": str(office.ids["team"]), "week": WEEK}
    assert office.client().post(f"/people/coverage/{office.ids['Cleo']}", data=typed).status_code == 302
    with office.app.app_context():
        person = db.session.get_one(Employee, office.ids["Cleo"])
        assert (person.availability, person.capacity, person.follows_shifts) == (Availability.BUSY, 7, False)
    assert office.client("Ben").post(f"/people/coverage/{office.ids['Cleo']}", data=typed).status_code == 404


def test_the_week_says_who_takes_less_by_their_own_word(office: Office) -> None:
    path = f"/people/coverage?team={office.ids['team']}&week={WEEK}"
    with office.app.test_request_context():
        act_as(db.session(), SYSTEM, source="test")
        db.session.get_one(Employee, office.ids["Ada"]).own_capacity = 3
        db.session.commit()
    assert office.client().get(path).text.count("Own limit now: 3") == 1
    assert "Own limit now" not in office.client("Ben").get(path).text


@pytest.mark.parametrize(
    "path", ["/people/coverage?team=987654", "/people/coverage?team=x", "/people/coverage?week=9999-12-31"]
)
def test_what_there_is_not_is_not_shown(office: Office, path: str) -> None:
    assert office.client().get(path).status_code == 404


@pytest.mark.parametrize("path", ["/people/skills", "/people/coverage"])
def test_they_cost_few_statements(office: Office, statements: list[str], path: str) -> None:
    client = office.client()
    client.get(path)
    statements.clear()
    assert client.get(path).status_code == 200
    assert len(statements) <= 8, statements
