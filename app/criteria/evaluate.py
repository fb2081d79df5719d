"""Trees read in memory: `passes` for the answer; how it came about is told by `explain` (trace.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.criteria.moment import Moment
from app.criteria.operators import Asks, Takes
from app.criteria.tree import AllOf, AnyOf, Condition, Node, Not


@dataclass(frozen=True)
class Facts:
    """A row as trees see it: each value is read and folded once, however many conditions ask.

    `row` is an object or a mapping. `before` holds the typed former values of what the change at hand
    changed, by field name; without it nothing changed.
    """

    row: Any
    before: Mapping[str, Any] = field(default_factory=dict)
    moment: Moment = field(default_factory=Moment.present)
    _seen: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    def see(self, condition: Condition) -> Any:
        """Return what the condition compares, None for a missing value."""
        seen, name = self._seen, condition.field.name
        if name not in seen:
            seen[name] = condition.reading.see(condition.field.read(self.row))
        return seen[name]

    def change(self, condition: Condition) -> tuple[Any, Any] | None:
        """Return what the condition compares before and after, None if it did not change."""
        name = condition.field.name
        if name not in self.before:
            return None
        pair = (condition.reading.see(self.before[name]), self.see(condition))
        return pair if pair[0] != pair[1] else None


def passes(tree: Node, facts: Facts) -> bool:
    """Tell whether `tree` holds. A missing value makes all false but `empty`; `not` negates that."""
    match tree:
        case Condition():
            return _answer(tree, facts)
        case AllOf(children):
            return all(passes(child, facts) for child in children)
        case AnyOf(children):
            return any(passes(child, facts) for child in children)
        case Not(child):
            return not passes(child, facts)


def _answer(condition: Condition, facts: Facts) -> bool:
    operator = condition.operator
    if operator.asks is Asks.CHANGE:
        pair = facts.change(condition)
        return pair is not None and bool(operator.test(pair, condition.wanted_at(facts.moment)))
    if operator.asks is Asks.MOMENT:
        return bool(operator.test(facts.moment, None)) is not operator.opposite
    seen = facts.see(condition)
    if seen is None and operator.asks is Asks.VALUE:
        return False
    if operator.takes is Takes.PATTERN:
        seen = condition.field.read(facts.row)
    return bool(operator.test(seen, condition.wanted_at(facts.moment))) is not operator.opposite
