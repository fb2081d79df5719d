"""Rows of which there are many are written together, and are then rows like others."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session

from app import services
from app.access import SYSTEM
from app.core.errors import Invalid
from app.fields import version
from app.models.people import Employee
from app.models.teams import Team
from app.record import numbers
from app.record.copying import MANY
from app.record.numbers import FEW


def teams(session: Session, count: int) -> list[Team]:
    many = [{"name": f"Row {number}"} for number in range(count)]
    return services.add_all(session, SYSTEM, Team, many)


@pytest.mark.parametrize("count", [1, FEW, FEW + 1, 30])
def test_they_have_rising_numbers_and_live_on(session: Session, desk: Any, count: int) -> None:
    made = teams(session, count)
    given = [team.id for team in made]
    assert given == sorted(set(given))
    assert all(inspect(team).persistent for team in made)
    kept = session.execute(select(Team.name, Team.version).where(Team.id.in_(given)).order_by(Team.id))
    assert [tuple(row) for row in kept] == [(f"Row {number}", 1) for number in range(count)]
    services.edit(session, SYSTEM, made[-1], {"name": "Another"}, expected=1)
    assert (made[-1].version, session.scalar(select(Team.name).where(Team.id == given[-1]))) == (
        2,
        "Another",
    )
    assert desk.team().id > given[-1]


@pytest.mark.parametrize(("few", "many"), [(FEW + 1, MANY - 1), (MANY, 300)])
def test_statements_do_not_grow_with_the_rows(
    session: Session, desk: Any, monkeypatch: pytest.MonkeyPatch, few: int, many: int
) -> None:
    monkeypatch.setattr(version, "BELIEVED", 600.0)  # else it is asked anew on a slow machine
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    teams(session, FEW + 1)
    event.listen(session.connection(), "before_cursor_execute", note)
    services.add_all(session, SYSTEM, Team, [{"name": f"More {number}"} for number in range(few)])
    before = len(asked)
    services.add_all(session, SYSTEM, Team, [{"name": f"Many {number}"} for number in range(many)])
    event.remove(session.connection(), "before_cursor_execute", note)
    assert len(asked) == 2 * before


def test_one_that_is_refused_takes_all_back(session: Session, desk: Any) -> None:
    names = [*(f"Row {number}" for number in range(9)), "Row 3"]
    with pytest.raises(Invalid) as refused, session.begin_nested():
        services.add_all(session, SYSTEM, Team, [{"name": name} for name in names])
    assert [(error.field, error.code) for error in refused.value.errors] == [("name", "taken")]
    assert session.scalar(select(Team.id).where(Team.name.in_(names))) is None


def test_what_lies_in_two_tables_is_numbered_by_the_database(session: Session) -> None:
    many = [Employee() for _ in range(FEW + 1)]
    session.add_all(many)
    numbers.give(session)
    assert {person.id for person in many} == {None}
