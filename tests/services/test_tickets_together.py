"""Lines of a file added together are what they would be one after the other, in every table."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.access import SYSTEM
from app.core.declare import Role
from app.models.teams import Membership
from app.models.tickets import Ticket
from app.services.exchange.reading import Line
from tests.services.trials import FIRST, numbers_of, told, trial

WORDS = st.sampled_from(["It leaks", "Wasser <b>& Öl", "=1+1"])


def the_desk(desk: Any) -> tuple[list[int], list[int]]:
    """Make a desk with rules of every kind of effect; return its teams and agents, also idle ones."""
    first, second, closed = desk.team(), desk.team(), desk.team(is_active=False)
    agents = [desk.employee(first, {"German": 3}, capacity=2) for _ in range(2)]
    agents += [desk.employee(team, capacity=3) for team in (first, second, second)]
    desk.keep(Membership(employee_id=agents[0].id, team_id=second.id))
    desk.customer(email="known@example.com", language="de")
    desk.field("seats", field_type="integer")
    desk.rule(asks("category", "money"), {"team": first.id, "agent": {"skill": "German"}}, priority=1)
    desk.rule(asks("category", "machines"), {"team": second.id, "agent": {}, "add_tags": ["m"]}, priority=2)
    desk.rule(asks("priority", "urgent"), {"agent": agents[3].id, "status": "open"}, priority=3)
    gone = desk.employee(first, active=False)
    return [first.id, second.id, closed.id], [*(agent.id for agent in agents), gone.id]


def asks(field: str, value: str) -> dict[str, Any]:
    return {"field": field, "op": "is", "value": value}


def cells(teams: list[int], agents: list[int]) -> st.SearchStrategy[dict[str, Any]]:
    addresses = ["known@example.com", "New@example.com", "new@example.com", "b@c.example", "none"]
    return st.fixed_dictionaries(
        {"email": st.sampled_from(addresses), "title": WORDS, "description": WORDS},
        optional={
            "category": st.sampled_from(["money", "machines", "else"]),
            "priority": st.sampled_from(["low", "urgent"]),
            "status": st.sampled_from(["new", "pending", "resolved", "closed"]),
            "tags": st.just("A, b"),
            "team_id": st.sampled_from(teams),
            "assignee_id": st.sampled_from(agents),
            "custom_fields.seats": st.just("3"),
        },
    )


@pytest.mark.parametrize(("role", "first"), [(None, FIRST), (Role.AGENT, 2 * FIRST)])
def test_together_and_one_by_one_are_the_same(
    session: Session, desk: Any, role: Role | None, first: int
) -> None:
    teams, agents = the_desk(desk)
    actor = desk.as_employee(desk.employee(role=role)) if role else SYSTEM

    @settings(max_examples=10, deadline=None)
    @given(st.lists(cells(teams, agents), min_size=1, max_size=6))
    def the_same(rows: list[dict[str, Any]]) -> None:
        lines: list[Line] = list(enumerate(rows))
        refused, counted = trial(session, actor, Ticket, first, [lines])
        expected, by_itself = trial(session, actor, Ticket, first, [[line] for line in lines])
        assert sorted(map(told, refused)) == sorted(map(told, expected))
        if not refused:
            assert counted == by_itself
            return
        sound = [line for line in lines if line[0] not in {failure.position for failure in refused}]
        _none, added = trial(session, actor, Ticket, first, [sound])
        assert added == trial(session, actor, Ticket, first, [[line] for line in sound])[1]
        assert numbers_of(added) == numbers_of(counted), "a line that is refused leaves nothing behind"

    the_same()
