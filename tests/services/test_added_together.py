"""Rows of every kind that has a service come in many: as one by one, refused alike, in few statements."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import models, services
from app.access import SYSTEM
from app.core.declare import Desk
from app.core.errors import Invalid
from app.models.articles import Article
from app.models.coverage import Shift, Weekday
from app.models.macros import Macro
from app.models.people import Employee
from app.services.exchange.reading import Line
from tests.services.trials import FIRST, numbers_of, told, trial

ALONE = {
    "api_keys",
    "business_intervals",
    "grants",
    "roles",
    "routing_rules",
    "saved_views",
    "schema_definitions",
    "webhooks",
}
"""Things a desk has a handful of, each with a rule about all the others."""


def test_what_comes_in_many_is_added_together() -> None:
    alone = {
        model.__tablename__
        for model in models.load()
        if model.resource.desk is Desk.MANAGE
        and (service := services.of(model)) is not None
        and hasattr(service, "add")
        and not hasattr(service, "add_all")
    }
    assert alone == ALONE


def people(desk: Any) -> list[dict[str, Any]]:
    desk.employee(email="known@desk.example")
    return [
        {"name": "Ann Lee", "email": "Ann@desk.example", "role": "agent", "language": "de"},
        {"name": "Bo", "email": "bo@desk.example", "role": "admin"},
        {"name": "Cy", "email": "cy@desk.example", "role": "nobody"},
        {"name": "Di", "email": "known@desk.example"},
        {"name": "Ed", "email": "ed@desk.example", "capacity": "3"},
        {"name": "Fi", "email": "bo@desk.example"},
    ]


def articles(desk: Any) -> list[dict[str, Any]]:
    desk.keep(Article(title="Refunds", slug="refunds", content="x"))
    titles = ["Refunds", "Refunds", "Refunds 2", "Ümlaut & more", "!!", "Refunds 2"]
    states = ["draft", "public", "public", "internal", "nonsense", "draft"]
    return [
        {"title": title, "content": "All of it.", "state": state}
        for title, state in zip(titles, states, strict=True)
    ]


def macros(desk: Any) -> list[dict[str, Any]]:
    team, closed, agent = desk.team(), desk.team(is_active=False), desk.employee()
    actions = [{"team": team.id}, {"team": closed.id}, {"agent": agent.id}, {"agent": 0}, {"team": team.id}]
    texts = ["Hello", "Hello", "Hello {{ticket.title}}", "Hello", "{{nothing}}"]
    return [
        {"title": f"Macro {number}", "content": text, "actions": action}
        for number, (text, action) in enumerate(zip(texts, actions, strict=True))
    ]


def shifts(desk: Any) -> list[dict[str, Any]]:
    team = desk.team()
    one, two = desk.employee(team), desk.employee(team)
    desk.keep(Shift(employee_id=one.id, team_id=team.id, weekday="1", starts="08:00", ends="12:00"))
    plans = [(one, "1", "13:00", "17:00"), (one, "1", "11:00", "14:00"), (two, "1", "11:00", "14:00"),
             (two, "1", "13:00", "15:00"), (two, "2", "22:00", "06:00"),
             (one, "9", "08:00", "09:00")]  # fmt: skip
    return [
        {"employee_id": who.id, "team_id": team.id, "weekday": day, "starts": starts, "ends": ends}
        for who, day, starts, ends in plans
    ]


KINDS: dict[type[Any], tuple[Any, set[int]]] = {
    Employee: (people, {2, 3, 5}),
    Article: (articles, {4}),
    Macro: (macros, {1, 3, 4}),
    Shift: (shifts, {1, 3, 5}),
}
"""Lines of a file of each kind, and which of them are refused."""


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model.__tablename__)
def test_together_and_one_by_one_are_the_same(session: Session, desk: Any, model: type[Any]) -> None:
    make, wrong = KINDS[model]
    desk.act(SYSTEM)
    lines: list[Line] = list(enumerate(make(desk)))
    first = FIRST * (3 + list(KINDS).index(model))
    refused, added = trial(session, SYSTEM, model, first, [lines])
    expected, by_itself = trial(session, SYSTEM, model, first, [[line] for line in lines])
    assert {failure.position for failure in refused} == wrong
    assert sorted(map(told, refused)) == sorted(map(told, expected))
    assert numbers_of(added) == numbers_of(by_itself)
    sound = [line for line in lines if line[0] not in wrong]
    _none, added = trial(session, SYSTEM, model, first, [sound])
    assert added == trial(session, SYSTEM, model, first, [[line] for line in sound])[1]


def many_people(desk: Any, number: int) -> dict[str, Any]:
    return {"name": f"P {number}", "email": f"p{number}@desk.example"}


def many_articles(desk: Any, number: int) -> dict[str, Any]:
    return {"title": "One title", "content": "x", "state": "public"}


def many_macros(desk: Any, number: int) -> dict[str, Any]:
    return {"title": f"M {number}", "content": "x", "actions": {"team": desk.of_all, "agent": desk.of_one}}


def many_shifts(desk: Any, number: int) -> dict[str, Any]:
    starts = f"{number // 4:02}:{number % 4 * 15:02}"
    ends = f"{(number + 1) // 4:02}:{(number + 1) % 4 * 15:02}"
    return {
        "employee_id": desk.of_one,
        "team_id": desk.of_all,
        "weekday": Weekday.MONDAY,
        "starts": starts,
        "ends": ends,
    }


@pytest.mark.parametrize(
    ("model", "value"),
    [(Employee, many_people), (Article, many_articles), (Macro, many_macros), (Shift, many_shifts)],
    ids=["employees", "articles", "macros", "shifts"],
)
def test_forty_cost_as_many_statements_as_ten(
    session: Session, desk: Any, statements: list[str], model: type[Any], value: Any
) -> None:
    team = desk.team()
    desk.of_all, desk.of_one = team.id, desk.employee(team).id
    desk.act(SYSTEM)
    asked = []
    for first, many in ((0, 10), (10, 40)):
        rows = [value(desk, number) for number in range(first, first + many)]
        statements.clear()
        assert len(services.add_all(session, SYSTEM, model, rows)) == many
        asked.append(len(statements))
    assert asked[1] <= asked[0] <= 12, "\n".join(statements)


def test_what_is_wrong_says_at_which_row(session: Session, desk: Any) -> None:
    rows = [{"title": "Good", "content": "x"}, {"title": "Bad", "content": "{{nothing}}"}]
    with pytest.raises(Invalid) as caught, session.begin_nested():
        services.add_all(session, SYSTEM, Macro, rows)
    assert (caught.value.at, caught.value.errors[0].field) == (1, "content")
    assert session.scalars(select(Macro)).all() == []
