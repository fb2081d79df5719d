"""Nobody hands out what they do not have: the rule for grants, roles, employees and keys alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.access.actor import Actor, ActorKind, TableGrant
from app.access.decide import hidden_columns, scope_of
from app.core.declare import Can, Role, Scope

WIDTH = {Scope.OWN: 0, Scope.TEAM: 1, Scope.ALL: 2}
VERBS = (Can.READ, Can.ADD, Can.EDIT, Can.DELETE)


def is_administrator(actor: Actor) -> bool:
    """Tell whether the actor may hand out anything: an administrator, a key for everything, the program."""
    match actor.kind:
        case ActorKind.SYSTEM:
            return True
        case ActorKind.EMPLOYEE:
            return actor.role == Role.ADMIN
        case ActorKind.KEY:
            return "admin" in actor.scopes
    return False


def holds(
    actor: Actor, can: Can, model: Any, rows: Scope = Scope.ALL, hide: Iterable[str] = frozenset()
) -> bool:
    """Tell whether the actor may do `can` on at least `rows` of `model`, seeing what `hide` leaves."""
    if is_administrator(actor):
        return True
    own = scope_of(actor, can, model)
    return own is not None and WIDTH[own] >= WIDTH[rows] and hidden_columns(actor, model) <= frozenset(hide)


def holds_all(actor: Actor, grants: Mapping[str, TableGrant], models: Iterable[Any]) -> bool:
    """Tell whether the actor may do everything `grants` allow, so that they may give them to somebody."""
    if is_administrator(actor):
        return True
    return all(
        holds(actor, can, model, rows, grant.hide)
        for model in models
        if (grant := grants.get(model.__tablename__))
        for can, rows in grant.rows.items()
    )


def holds_scope(actor: Actor, scope: str, models: Iterable[Any]) -> bool:
    """Tell whether the actor may do everything that `scope` opens to a key.

    What every key may do with rows of its own, whatever its scopes are, is no part of it.
    """
    if is_administrator(actor):
        return True
    key = Actor(ActorKind.KEY, scopes=frozenset({scope}))
    return scope != "admin" and all(
        holds(actor, can, model)
        for model in models
        for can in VERBS
        if scope_of(key, can, model) is Scope.ALL
    )
