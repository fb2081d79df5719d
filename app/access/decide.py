"""The decision itself: a grant for the verb, and a row within its reach."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from sqlalchemy import inspect

from app.access.actor import Actor, ActorKind, TableGrant
from app.access.rows import contains
from app.core.declare import Can, Grant, Resource, Scope
from app.core.errors import Forbidden, NotFound

Target = Any
"""A declared class, or a row of one."""

WRITES = {Can.ADD: "create", Can.EDIT: "update"}
NAMED: Mapping[str, Mapping[str, Can]] = {
    "read_tickets": {"ticket_messages": Can.READ},
    "write_tickets": {"ticket_messages": Can.ADD},
    "update_tickets": {"ticket_messages": Can.ADD},
    "manage_webhooks": {"webhooks": Can.ALL, "webhook_deliveries": Can.READ},
    "replay": {"webhook_deliveries": Can.READ | Can.EDIT},
    "archive": {"storage_archives": Can.READ | Can.EDIT},
}
"""What a scope of a key allows in other tables than it is named after."""


def may(actor: Actor, can: Can, target: Target) -> bool:
    """Tell whether `actor` may do `can` (one verb) to a class, or to this very row of it."""
    model = target if isinstance(target, type) else type(target)
    scope = scope_of(actor, can, model)
    if scope is None:
        return False
    return isinstance(target, type) or contains(actor, can, scope, target)


def require(actor: Actor, can: Can, target: Target) -> None:
    """Raise NotFound if the actor may not; a key that lacks a scope is told which one (Forbidden)."""
    if may(actor, can, target):
        return
    model: Any = target if isinstance(target, type) else type(target)
    if actor.kind is ActorKind.KEY and scope_of(actor, can, model) is None:
        raise Forbidden(scope_name(can, model.__tablename__))
    raise NotFound


def scope_of(actor: Actor, can: Can, model: Any) -> Scope | None:
    """Return the rows on which the actor may do `can` with `model`, or None."""
    match actor.kind:
        case ActorKind.SYSTEM:
            return Scope.ALL
        case ActorKind.EMPLOYEE:
            grant = actor.grants.get(model.__tablename__)
            return grant.rows.get(can) if grant else None
        case ActorKind.CUSTOMER:
            return _own(model.resource.customers, can)
        case ActorKind.KEY:
            return Scope.ALL if _key_may(actor, can, model) else _own(model.resource.keys, can)
    return None


def hidden(actor: Actor, model: Any) -> frozenset[str]:
    """Return what of `model` this actor never sees, on any surface: columns, and declared paths to such."""
    hide = hidden_columns(actor, model)
    return hide | {
        path
        for path, key, target, column in _paths(model)
        if key in hide or column in hidden_columns(actor, target)
    }


def hidden_columns(actor: Actor, model: Any) -> frozenset[str]:
    """Return the columns of `model` that the actor's grant hides."""
    grant: TableGrant | None = actor.grants.get(model.__tablename__)
    return grant.hide if grant else frozenset()


@cache
def _paths(model: Any) -> tuple[tuple[str, str, Any, str], ...]:
    """Return each declared path over a relation with its foreign key, its target and the column there."""
    resource: Resource = model.resource
    found = []
    for path in dict.fromkeys((*resource.columns, *resource.show)):
        relation, _, column = path.partition(".")
        if relation in inspect(model).relationships:
            there = inspect(model).relationships[relation]
            found.append((path, next(iter(there.local_columns)).key, there.mapper.class_, column))
    return tuple(found)


def is_hidden(hide: Collection[str], name: str) -> bool:
    """Tell whether `name` is among the hidden columns; hiding `custom_fields` hides every one of them."""
    return name in hide or name.split(".", 1)[0] in hide


def scope_name(can: Can, table: str) -> str:
    """Return the scope a key needs: `read_teams`, `write_teams`."""
    return f"{'read' if can is Can.READ else 'write'}_{table}"


def _own(grant: Grant | None, can: Can) -> Scope | None:
    return Scope.OWN if grant and can in grant.can else None


def _key_may(actor: Actor, can: Can, model: Any) -> bool:
    resource: Resource = model.resource
    table = model.__tablename__
    if resource.api is None:
        return False
    named = {scope_name(can, table), "admin"}
    if can in WRITES:
        named.add(f"{WRITES[can]}_{table}")
    named |= {scope for scope, tables in NAMED.items() if can in tables.get(table, Can.NOTHING)}
    return bool(named & actor.scopes)
