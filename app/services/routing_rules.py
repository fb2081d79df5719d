"""Routing rules: saved only if their criteria and action can be carried out."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor
from app.core.errors import FieldError, Invalid
from app.models.routing import RoutingRule
from app.models.tickets import Ticket
from app.services import conditions, plain
from app.services.routing.terms import action_errors


def add(session: Session, actor: Actor, values: dict[str, Any]) -> RoutingRule:
    """Add a rule. Raises NotFound, Forbidden, Invalid with paths: `criteria.all[1].value`, `action.team`."""
    _check(session, actor, values)
    rule: RoutingRule = plain.add(session, actor, RoutingRule, values)
    return rule


def edit(
    session: Session, actor: Actor, rule: RoutingRule, values: dict[str, Any], expected: int | None = None
) -> RoutingRule:
    """Change a rule. Raises as `add` does, and Stale."""
    _check(session, actor, {name: one for name, one in values.items() if one != getattr(rule, name)})
    changed: RoutingRule = plain.edit(session, actor, rule, values, expected)
    return changed


def delete(session: Session, actor: Actor, rule: RoutingRule, expected: int | None = None) -> None:
    """Delete a rule. Raises NotFound, Stale."""
    plain.delete(session, actor, rule, expected)


def _check(session: Session, actor: Actor, values: dict[str, Any]) -> None:
    errors: list[FieldError] = []
    if "criteria" in values:
        errors += conditions.mistakes(session, actor, Ticket, values["criteria"], changes=True)
    if "action" in values:
        errors += action_errors(session, values["action"])
    if errors:
        raise Invalid(errors)
