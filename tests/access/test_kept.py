"""What is kept for an actor is nobody else's, and not theirs any more once they may do something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from app.access import Actor, ActorKind, TableGrant, per_actor
from app.core.declare import Can, Scope

GRANTS: Mapping[str, TableGrant] = {"teams": TableGrant({Can.READ: Scope.ALL})}
AGENT: dict[str, Any] = {
    "kind": ActorKind.EMPLOYEE,
    "id": 3,
    "role": "agent",
    "teams": frozenset({1}),
    "grants": GRANTS,
}


def test_it_is_built_once_for_an_actor() -> None:
    built: list[Actor] = []
    get = per_actor(lambda actor: built.append(actor) or len(built))  # type: ignore[func-returns-value]
    assert [get(Actor(**AGENT)), get(Actor(**AGENT)), get(Actor(**AGENT))] == [1, 1, 1]


@pytest.mark.parametrize(
    "change",
    [
        {"kind": ActorKind.CUSTOMER},
        {"id": 4},
        {"role": "supervisor"},
        {"teams": frozenset({1, 2})},
        {"grants": dict(GRANTS)},
        {"scopes": frozenset({"read_teams"})},
    ],
    ids=str,
)
def test_whatever_changes_it_is_built_anew(change: dict[str, Any]) -> None:
    get = per_actor(lambda actor: actor)
    first, second = Actor(**AGENT), Actor(**AGENT | change)
    assert get(first) is first
    assert get(second) is second
