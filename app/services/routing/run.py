"""One run of the rules over one ticket in memory, and the trace it leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.criteria import Facts, passes
from app.criteria.known import Known
from app.criteria.moment import Moment
from app.criteria.tree import Condition
from app.models.routing import RuleEvent
from app.models.tickets import Ticket
from app.services.routing.action import apply
from app.services.routing.book import Book, Rule

LONGEST = 500
"""Characters of one value that a decision keeps."""


@dataclass
class Run:
    """What the rules did so far: the steps, the rules that matched, and which agent is wanted."""

    book: Book
    ticket: Ticket
    moment: Moment = field(default_factory=Moment.present)
    """When it is: the rules ask for the hours of the ticket's team."""
    keep: Collection[str] = ()
    """Columns the writer has set and rules leave alone."""
    before: Mapping[str, Any] = field(default_factory=dict)
    trace: list[dict[str, Any]] = field(default_factory=list)
    matched: list[int] = field(default_factory=list)
    agent: Any = None
    """The last matching rule's word on the agent: a wish, an employee's id, or None."""

    def follow(self, event: RuleEvent) -> None:
        """Try the rules of `event` in their order until one that stops has done its work."""
        look = _Look(self.ticket, self.before, self.moment)
        for rule in self.book.rules[event]:
            step = {"rule_id": rule.id, "rule_name": rule.name, **_tried(rule, look)}
            self.trace.append(step)
            if not step["matched"]:
                continue
            self.matched.append(rule.id)
            step["notes"] = list(self._act(rule))
            if rule.stop and "team_gone" not in step["notes"]:
                return
            look = _Look(self.ticket, self.before, self.moment)  # what the rule did is seen by the next

    def _act(self, rule: Rule) -> Iterator[str]:
        if "agent" in rule.action:
            self.agent = rule.action["agent"]
        yield from apply(rule.action, self.ticket, self.book.teams, self.keep)


def seen(fields: Iterable[Known], ticket: Ticket) -> dict[str, Any]:
    """Return values of a ticket as JSON, at a length that a decision can keep."""
    return {field.name: _kept(field.dump(field.read(ticket))) for field in fields}


class _Look:
    """The ticket as the rules see it until one of them changes it; each value is read once."""

    def __init__(self, ticket: Ticket, before: Mapping[str, Any], moment: Moment) -> None:
        self.ticket = ticket
        self.facts = Facts(ticket, before, moment)
        self._seen: dict[str, Any] = {}

    def at(self, field: Known) -> Any:
        """Return the value of a field as JSON."""
        if field.name not in self._seen:
            self._seen |= seen((field,), self.ticket)
        return self._seen[field.name]


def _tried(rule: Rule, look: _Look) -> dict[str, Any]:
    if rule.tree is None:
        return {"matched": False, "fault": rule.fault}
    if passes(rule.tree, look.facts):
        return {"matched": True}
    return {"matched": False, "failed": _refusal(rule.conditions, look)}


def _refusal(asked: tuple[Condition, ...], look: _Look) -> dict[str, Any] | None:
    """Return the first condition that said no; where only a `not` refused, the first of all."""
    said_no = (one for one in asked if not passes(one, look.facts))
    first = next(said_no, asked[0] if asked else None)
    if first is None:
        return None
    name, value = first.field.name, first.value
    return {
        "path": first.path,
        "field": name,
        "op": first.operator.name,
        "value": value,
        "seen": look.at(first.field),
    }


def _kept(value: Any) -> Any:
    return f"{value[:LONGEST]}…" if isinstance(value, str) and len(value) > LONGEST else value
