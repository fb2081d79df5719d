"""How the answer of a tree came about: one step for every group and every condition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.criteria.evaluate import Facts, passes
from app.criteria.operators import Asks
from app.criteria.tree import AllOf, AnyOf, Condition, Node, Not

LONGEST = 200
"""Characters of one seen value that a trace keeps."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one part of a tree answered, and where it stands in the JSON (`criteria.all[1].any[0]`).

    `op` is an operator or the word of a group: all, any or not. A condition also has the question as it was
    written, and what it saw, as JSON.
    """

    path: str
    op: str
    passed: bool
    field: str | None = None
    value: Any = None
    seen: Any = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a tree holds for a row, with every part's answer, groups before what is in them."""

    passed: bool
    trace: tuple[Step, ...]
    failed: Step | None = None
    """What decided a no: a condition, an `any` none of whose parts held, or a `not` whose part did."""


def explain(tree: Node, facts: Facts) -> Verdict:
    """Return the answer with the trace of every part, also of those that could not change it."""
    steps = {step.path: step for step in _steps(tree, facts)}
    refused = _refused(tree, facts)
    return Verdict(refused is None, tuple(steps.values()), steps[refused.path] if refused else None)


def _steps(node: Node, facts: Facts) -> Iterator[Step]:
    passed = passes(node, facts)
    match node:
        case Condition():
            yield _asked(node, facts, passed)
        case AllOf(children, path):
            yield Step(path, "all", passed)
            yield from (step for child in children for step in _steps(child, facts))
        case AnyOf(children, path):
            yield Step(path, "any", passed)
            yield from (step for child in children for step in _steps(child, facts))
        case Not(child, path):
            yield Step(path, "not", passed)
            yield from _steps(child, facts)


def _refused(node: Node, facts: Facts) -> Node | None:
    """Return the first part that made `node` fail, None if it holds."""
    if isinstance(node, AllOf):
        return next((found for child in node.children if (found := _refused(child, facts))), None)
    return None if passes(node, facts) else node


def _asked(condition: Condition, facts: Facts, passed: bool) -> Step:
    return Step(
        path=condition.path,
        op=condition.operator.name,
        passed=passed,
        field=condition.field.name,
        value=condition.value,
        seen=_kept(_seen(condition, facts)),
    )


def _seen(condition: Condition, facts: Facts) -> Any:
    if condition.operator.asks is Asks.MOMENT:
        return facts.moment.now.isoformat()
    return condition.field.dump(condition.field.read(facts.row))


def _kept(value: Any) -> Any:
    return value[:LONGEST] + "…" if isinstance(value, str) and len(value) > LONGEST else value
