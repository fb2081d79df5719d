"""What a tree of conditions is, once it was read: groups, negations and conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.criteria.known import Known
from app.criteria.moment import Duration, Moment
from app.criteria.operators import Operator, Takes
from app.criteria.readings import Reading


@dataclass(frozen=True, slots=True)
class Condition:
    """One question about one field: `value` as it was written, `wanted` typed and ready to compare."""

    path: str
    field: Known
    operator: Operator
    reading: Reading
    value: Any
    wanted: Any

    def wanted_at(self, moment: Moment) -> Any:
        """Return what to compare with at `moment`: dates and durations are spans then, `me` is somebody."""
        if self.wanted is None or self.reading.is_timeless:
            return self.wanted
        timing = self.reading.timing
        if timing is not None and isinstance(self.wanted, Duration):
            return timing.around(self.wanted, moment, 1 if self.operator.takes is Takes.FUTURE else -1)
        return self.reading.at(self.wanted, moment)


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every child is; without children, true."""

    children: tuple[Node, ...]
    path: str = ""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when one child is; without children, false."""

    children: tuple[Node, ...]
    path: str = ""


@dataclass(frozen=True, slots=True)
class Not:
    """True when the child is not."""

    child: Node
    path: str = ""


Node = AllOf | AnyOf | Not | Condition


def conditions(tree: Node) -> Iterator[Condition]:
    """Yield every condition of a tree, in reading order."""
    match tree:
        case Condition():
            yield tree
        case Not(child):
            yield from conditions(child)
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from conditions(child)
