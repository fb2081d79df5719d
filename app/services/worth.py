"""Whether an index is worth reading: of what very many rows have, a walk through the list soon meets enough.

An index of words hands over every row of a word before the first of them can be looked at, so that it is dear
for a common word; a walk looks at row after row, so that it is dear for a rare one. How many rows there are
PostgreSQL expects from its own statistics.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, literal, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ClauseElement

GATHERED = 6
"""Rows that an index hands over in the time in which a walk looks at one."""
ALL = 10**12
"""A limit beyond any table: what has one is expected on its own, in its place."""


class Worth:
    """Judges what indexes know of the rows of `model`, of which the first `most` are wanted."""

    def __init__(self, session: Session, model: Any, most: int) -> None:
        self._session, self._model, self._most = session, model, most
        self.is_read = False
        """Whether any index is worth reading, so that its rows are few enough to be gathered."""
        self.is_walked = False
        """Whether any is not, so that rows are met in the order of the list."""

    def __call__(self, known: Sequence[ColumnElement[bool]]) -> list[bool]:
        """Tell of each condition whether it is worth reading: one statement for all of them."""
        everything, *expected = self._expected(known)
        told = [rows**2 <= GATHERED * self._most * everything for rows in expected]
        self.is_read, self.is_walked = any(told), not all(told)
        return told

    def _expected(self, known: Sequence[ColumnElement[bool]]) -> list[float]:
        rows = select(literal(1)).select_from(self._model)
        asked: list[Select[Any]] = [rows, *(rows.where(condition) for condition in known)]
        (explained,) = self._session.scalar(_Plan(union_all(*(one.limit(ALL) for one in asked))))
        return [float(plan["Plan Rows"]) for plan in explained["Plan"]["Plans"]]


class _Plan(Executable, ClauseElement):
    """How PostgreSQL would answer a statement."""

    inherit_cache = False

    def __init__(self, statement: Any) -> None:
        self.statement = statement


@compiles(_Plan)
def _explain(element: _Plan, compiler: Any, **options: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.statement, **options)}"
