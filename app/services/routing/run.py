"""One run of the rules over one ticket in memory, and the trace it leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.criteria import Facts, explain, passes
from app.criteria.tree import Condition
from app.models.routing import RuleEvent
from app.models.tickets import Ticket
from app.services.routing.action import apply
from app.services.routing.book import Book, Rule

TOLD = ("path", "field", "op", "value", "seen")
"""What the trace keeps of a condition that said no."""


@dataclass
class Run:
    """What the rules did so far: the steps, the rules that matched, and which agent is wanted."""

    book: Book
    ticket: Ticket
    keep: Collection[str] = ()
    """Columns the writer has set and rules leave alone."""
    before: Mapping[str, Any] = field(default_factory=dict)
    trace: list[dict[str, Any]] = field(default_factory=list)
    matched: list[int] = field(default_factory=list)
    agent: Any = None
    """The last matching rule's word on the agent: a wish, an employee's id, or None."""

    def follow(self, event: RuleEvent) -> None:
        """Try the rules of `event` in their order until one that stops has done its work."""
        facts = self._facts()
        for rule in self.book.rules[event]:
            step, verdict = self._try(rule, facts)
            self.trace.append(step)
            if not verdict:
                continue
            self.matched.append(rule.id)
            step["notes"] = list(self._act(rule))
            if rule.stop and "team_gone" not in step["notes"]:
                return
            facts = self._facts()

    def _facts(self) -> Facts:
        return Facts(self.ticket, self.before)

    def _try(self, rule: Rule, facts: Facts) -> tuple[dict[str, Any], bool]:
        step: dict[str, Any] = {"rule_id": rule.id, "rule_name": rule.name, "matched": False}
        if rule.tree is None:
            return step | {"fault": rule.fault}, False
        if passes(rule.tree, facts):
            return step | {"matched": True}, True
        return step | {"failed": _refusal(rule.conditions, facts)}, False

    def _act(self, rule: Rule) -> Iterator[str]:
        if "agent" in rule.action:
            self.agent = rule.action["agent"]
        yield from apply(rule.action, self.ticket, self.book.teams, self.keep)


def _refusal(asked: Collection[Condition], facts: Facts) -> dict[str, Any] | None:
    """Return the first condition that said no; where only a `not` refused, the first of all."""
    first = next((one for one in asked if not passes(one, facts)), next(iter(asked), None))
    if first is None:
        return None
    (step,) = explain(first, facts).trace
    return {name: getattr(step, name) for name in TOLD}
