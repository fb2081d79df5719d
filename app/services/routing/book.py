"""The rules as one process remembers them: read anew when rules, teams or field definitions change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Text, cast, literal_column, or_, select
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from app.criteria import Node, conditions, parse
from app.criteria.known import Known
from app.criteria.tree import Condition
from app.fields import FieldSet, fields_of
from app.models.fields import revisions
from app.models.routing import RoutingRule, RuleEvent
from app.models.teams import Team
from app.models.tickets import Ticket

WATCHED = ("routing_rules", "teams")
"""The rows of `revisions` that tell whether a book still holds."""

Revision = tuple[Any, ...]
# The transaction that wrote a number belongs to it: a number that was rolled back is given out again.
REVISION = select(revisions.c.name, revisions.c.number, cast(literal_column("revisions.xmin"), Text)).where(
    or_(*(revisions.c.name == name for name in WATCHED))  # a list would be spelt out anew for each ticket
)


@dataclass(frozen=True)
class Rule:
    """One rule, ready to be tried; `fault` says why it cannot be."""

    id: int
    name: str
    stop: bool
    action: Mapping[str, Any]
    tree: Node | None
    fault: str | None = None

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Return the conditions of its criteria, in reading order."""
        return tuple(conditions(self.tree)) if self.tree else ()


@dataclass(frozen=True)
class Book:
    """All active rules by event, in their order, and the teams that take tickets."""

    revision: Revision
    fields: FieldSet
    rules: Mapping[RuleEvent, tuple[Rule, ...]]
    teams: frozenset[int]

    @cached_property
    def asked(self) -> Mapping[RuleEvent, tuple[Known, ...]]:
        """Return the fields that the rules of each event ask about, each once."""
        return {event: _asked(rules) for event, rules in self.rules.items()}


def _asked(rules: tuple[Rule, ...]) -> tuple[Known, ...]:
    fields = (condition.field for rule in rules for condition in rule.conditions)
    return tuple({field.name: field for field in fields}.values())


_latest: list[Book] = []
"""The newest book of this process: none or one."""


def book_of(session: Session) -> Book:
    """Return the book that holds now. Costs one statement while nothing changes."""
    revision, fields = _revision(session), fields_of(session, Ticket)
    known = next(iter(_latest), None)
    if known is None or known.revision != revision or known.fields is not fields:
        known = _read(session, revision, fields)
        _latest[:] = [known]
    return known


def faults(session: Session) -> list[Rule]:
    """Return the active rules that cannot be tried, since a field they ask about is gone."""
    return [rule for rules in book_of(session).rules.values() for rule in rules if rule.fault]


def _revision(session: Session) -> Revision:
    return tuple(sorted(tuple(row) for row in session.execute(REVISION)))


def _read(session: Session, revision: Revision, fields: FieldSet) -> Book:
    table = RoutingRule.__table__
    statement = select(table).where(table.c.is_active).order_by(table.c.priority, table.c.id)
    rules: dict[RuleEvent, tuple[Rule, ...]] = dict.fromkeys(RuleEvent, ())
    for row in session.execute(statement).mappings():
        rules[row["event"]] = (*rules[row["event"]], _rule(row, fields))
    teams = session.scalars(select(Team.id).where(Team.is_active))
    return Book(revision, fields, rules, frozenset(teams))


def _rule(row: Any, fields: FieldSet) -> Rule:
    tree, fault = None, None
    try:
        tree = parse(row["criteria"], fields)
    except Invalid as problem:  # a field it asks about is gone: the other rules still hold
        fault = str(problem)
    return Rule(row["id"], row["rule_name"], row["stop"], row["action"], tree, fault)
