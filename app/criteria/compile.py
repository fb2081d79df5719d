"""Trees as SQL, with the same meaning as in memory.

`matches` and changes cannot be asked in SQL. The clause then lets through every row that may hold (never
fewer), and `exact` is false: the caller reads the rows and asks `passes`. Under a negation "may hold" turns
into "must hold", so each node is compiled with the side on which it may err.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, not_, or_, true

from app.core.errors import FieldError, Invalid
from app.core.i18n import _
from app.criteria.known import Fields
from app.criteria.moment import Moment
from app.criteria.operators import Asks, Operator
from app.criteria.parse import parse
from app.criteria.tree import AllOf, AnyOf, Condition, Node, Not, conditions

Clause = ColumnElement[bool]
Judge = Callable[[Sequence[Clause]], Sequence[bool]]


@dataclass(frozen=True)
class Where:
    """A condition for a statement. Where it is not `exact`, rows must still be asked in memory."""

    clause: Clause
    exact: bool


def compile_tree(tree: Node, model: Any, moment: Moment | None = None) -> Where:
    """Return the tree as a condition on the rows of `model`, read at `moment` (now if None)."""
    compiler = _Compiler(model, moment or Moment.present())
    return Where(compiler.node(tree, may=True), all(_askable(one.operator) for one in conditions(tree)))


def where(
    data: Any, fields: Fields, model: Any, moment: Moment | None = None, worth: Judge | None = None
) -> Clause:
    """Return criteria (JSON) as a condition for a list, which has no second look in memory.

    `worth` says which of the things that indexes know are worth reading: all, if it is not asked. Raises
    `Invalid` for what is wrong in them, and for what SQL cannot ask.
    """
    tree = parse(data, fields, changes=False, me=True)
    beyond = [condition for condition in conditions(tree) if not _askable(condition.operator)]
    message = _("This cannot be asked of a list. Choose another operator.")
    if beyond:
        raise Invalid(FieldError(f"{one.path}.op", "unknown_operator", message) for one in beyond)
    compiler = _Compiler(model, moment or Moment.present())
    if worth is not None:
        compiler = replace(compiler, ignored=compiler.not_worth(tree, worth))
    return compiler.node(tree, may=True)


def _askable(operator: Operator) -> bool:
    """Tell whether SQL can ask it. A row in a list has not changed, which is an exact answer too."""
    return operator.asks is not Asks.VALUE or operator.sql is not None


@dataclass(frozen=True)
class _Compiler:
    model: Any
    moment: Moment
    ignored: frozenset[str] = frozenset()
    """Paths of conditions that are asked without an index."""

    def not_worth(self, tree: Node, worth: Judge) -> frozenset[str]:
        """Return the paths of the conditions whose index is not worth reading."""
        asked = ((one.path, self._indexed(one, one.wanted_at(self.moment))) for one in conditions(tree))
        known = {path: clause for path, clause in asked if clause is not None}
        told = worth([*known.values()]) if known else ()
        return frozenset(path for path, is_worth in zip(known, told, strict=True) if not is_worth)

    def node(self, tree: Node, may: bool) -> Clause:
        """Compile so that the clause errs, if at all, towards letting through (`may`) or keeping out."""
        match tree:
            case Condition():
                return self._condition(tree, may)
            case AllOf(children):
                return and_(true(), *(self.node(child, may) for child in children))
            case AnyOf(children):
                return or_(false(), *(self.node(child, may) for child in children))
            case Not(child):
                return not_(func.coalesce(self.node(child, not may), false()))

    def _condition(self, condition: Condition, may: bool) -> Clause:
        operator, reading = condition.operator, condition.reading
        if operator.asks is Asks.CHANGE:
            return false()
        if operator.asks is Asks.MOMENT:
            return true() if operator.test(self.moment, None) is not operator.opposite else false()
        column = reading.column(condition.field.expression(self.model))
        missing = reading.missing(column)
        if operator.asks is Asks.ABSENCE:
            return not_(missing) if operator.opposite else missing
        if operator.sql is None:
            return not_(missing) if may else false()
        wanted = condition.wanted_at(self.moment)
        asked: Clause = operator.sql(column, wanted)
        if operator.opposite:
            return and_(not_(missing), not_(asked))
        known = self._indexed(condition, wanted)
        return asked if known is None else self._narrowed(condition, known, asked)

    def _narrowed(self, condition: Condition, known: Clause, asked: Clause) -> Clause:
        # Of an expression PostgreSQL expects one row of 200, of a CASE half: what the index knows decides.
        answer = case((asked, true()), else_=false())
        return answer if condition.path in self.ignored else and_(known, answer)

    def _indexed(self, condition: Condition, wanted: Any) -> Clause | None:
        """Return what an index knows of the rows that are wanted, None if nothing."""
        if condition.operator.opposite:
            return None
        if condition.operator.is_equality and (word := condition.reading.word) is not None:
            words = sorted({word(one) for one in (wanted if isinstance(wanted, frozenset) else [wanted])})
            return condition.field.indexed(self.model, words)
        if (bounds := condition.operator.bounds) is not None:
            return condition.field.indexed_between(self.model, *bounds(wanted))
        return None
