"""Lines of a file added together are what they would be one after the other, in every table."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from app import models
from app.access import SYSTEM, Actor
from app.core.clock import frozen
from app.core.declare import Role
from app.generate.exchange import plan_of
from app.models.teams import Membership
from app.models.tickets import Ticket
from app.services.bulk import Failure
from app.services.exchange import load
from app.services.exchange.reading import Line

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
FIRST = 1_000_000
"""From where rows of a trial are numbered, so that they have the same numbers in each; not in each test."""
LUCK = {"mails": ("message_id",), "tokens": ("digest",)}
"""What is drawn by lot."""
BY_KIND = {"outbox_events", "audit_logs", "ticket_history", "ticket_assignments", "mails", "tokens"}
"""Tables whose rows may come kind by kind rather than ticket by ticket: their own numbers tell nothing."""
WORDS = st.sampled_from(["It leaks", "Wasser <b>& Öl", "=1+1"])
Added = dict[str, list[dict[str, Any]]]


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
        refused, counted = trial(session, actor, first, [lines])
        expected, by_itself = trial(session, actor, first, [[line] for line in lines])
        assert sorted(map(told, refused)) == sorted(map(told, expected))
        if not refused:
            assert counted == by_itself
            return
        sound = [line for line in lines if line[0] not in {failure.position for failure in refused}]
        _none, added = trial(session, actor, first, [sound])
        assert added == trial(session, actor, first, [[line] for line in sound])[1]
        assert numbers_of(added) == numbers_of(counted), "a line that is refused leaves nothing behind"

    the_same()


def told(failure: Failure) -> tuple[int, str, str, str]:
    return failure.position, failure.field, failure.code, str(failure.message)


def numbers_of(added: Added) -> dict[str, int]:
    return {name: len(rows) for name, rows in added.items()}


def trial(
    session: Session, actor: Actor, first: int, parts: Sequence[list[Line]]
) -> tuple[list[Failure], Added]:
    """Load parts of a file; return what was refused and what every table has more, and undo it."""
    tables = [model.__table__ for model in models.load() if has_numbers(model.__table__)]
    sequences = (func.pg_get_serial_sequence(table.name, "id") for table in tables)
    session.execute(select(*(func.setval(sequence, first) for sequence in sequences)))
    names = {name for lines in parts for _number, cells in lines for name in cells}
    failures: list[Failure] = []
    with frozen(NOON):
        undo = session.begin_nested()
        try:
            for lines in parts:
                plan = plan_of(session, actor, Ticket, {name: name for name in names})
                failures += load(session, actor, plan, lines).failures
            return failures, {
                table.name: rows for table in tables if (rows := rows_of(session, table, first))
            }
        finally:
            undo.rollback()


def has_numbers(table: Table) -> bool:
    return "id" in table.c and table.c.id.identity is not None


def rows_of(session: Session, table: Table, first: int) -> list[dict[str, Any]]:
    left_out = {*LUCK.get(table.name, ()), *({"id"} if table.name in BY_KIND else ())}
    rows = session.connection().execute(select(table).where(table.c.id > first).order_by(table.c.id))
    kept = [{name: value for name, value in row.items() if name not in left_out} for row in rows.mappings()]
    if table.name == "mails":
        kept = [row | {part: without_luck(row[part]) for part in ("body_text", "body_html")} for row in kept]
    return sorted(kept, key=str) if table.name in BY_KIND else kept


def without_luck(body: str) -> str:
    """Return a mail without the secret of its link."""
    return re.sub(r"/portal/rate/[\w-]+", "/portal/rate/", body)
