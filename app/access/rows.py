"""Which rows a grant covers, said twice with one meaning: in SQL for lists, in memory for one row."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, and_, false, inspect, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from app.access.actor import Actor, ActorKind
from app.core.declare import Can, Rows, Scope


def visible(actor: Actor, model: Any, can: Can = Can.READ) -> ColumnElement[bool]:
    """Return the criterion that leaves only the rows on which the actor may do `can`."""
    from app.access.decide import scope_of

    scope = scope_of(actor, can, model)
    if scope is None:
        return false()
    rows: Rows = model.resource.rows
    conditions = [_covered(actor, can, scope, rows, model)]
    if rows.internal and not sees_internal(actor):
        conditions.append(getattr(model, rows.internal).is_(False))
    return and_(*conditions)


def contains(actor: Actor, can: Can, scope: Scope, row: Any) -> bool:
    """Tell whether `row` is among the rows `scope` means for this actor who would do `can`."""
    rows: Rows = row.resource.rows
    if rows.internal and getattr(row, rows.internal) and not sees_internal(actor):
        return False
    if scope is Scope.ALL:
        return True
    if actor.kind is not ActorKind.EMPLOYEE:
        path = _owned_by(actor, rows)
        return path is not None and _value(row, path) == actor.id
    return _holds_for_employee(actor, can, scope, row)


def _covered(actor: Actor, can: Can, scope: Scope, rows: Rows, model: Any) -> ColumnElement[bool]:
    if scope is Scope.ALL:
        return true()
    if actor.kind is not ActorKind.EMPLOYEE:
        return _where(model, _owned_by(actor, rows), lambda column: column == actor.id)
    parts = [_where(model, rows.owner, lambda column: column == actor.id)]
    if rows.shared and can is Can.READ:
        parts.append(getattr(model, rows.shared).is_(True))
    if scope is Scope.TEAM:
        parts.append(_where(model, rows.team, lambda column: column.in_(sorted(actor.teams))))
        if rows.unclaimed:
            parts.append(_where(model, rows.team, lambda column: column.is_(None)))
    return or_(*parts)


def _owned_by(actor: Actor, rows: Rows) -> str | None:
    """Return the path to whose own a row is, among those of the actor's world."""
    return {ActorKind.CUSTOMER: rows.customer, ActorKind.KEY: rows.key}.get(actor.kind)


def _holds_for_employee(actor: Actor, can: Can, scope: Scope, row: Any) -> bool:
    rows: Rows = row.resource.rows
    if rows.owner and _value(row, rows.owner) == actor.id:
        return True
    if rows.shared and can is Can.READ and getattr(row, rows.shared):
        return True
    if scope is not Scope.TEAM or not rows.team:
        return False
    team = _value(row, rows.team)
    return team in actor.teams or (rows.unclaimed and team is None)


def sees_internal(actor: Actor) -> bool:
    """Tell whether internal notes are the actor's to read, where they may read at all."""
    if actor.kind is ActorKind.KEY:
        return bool(actor.scopes & {"read_notes", "admin"})
    return actor.kind in {ActorKind.EMPLOYEE, ActorKind.SYSTEM}


def _where(model: Any, path: str | None, test: Callable[[Any], ColumnElement[bool]]) -> ColumnElement[bool]:
    if path is None:
        return false()
    *relations, column = path.split(".")
    if not relations:
        return test(getattr(model, column))
    relation: InstrumentedAttribute[Any] = getattr(model, relations[0])
    target = inspect(relation).property.mapper.class_
    return relation.has(_where(target, ".".join([*relations[1:], column]), test))


def _value(row: Any, path: str) -> Any:
    return reduce(lambda value, name: None if value is None else getattr(value, name), path.split("."), row)
