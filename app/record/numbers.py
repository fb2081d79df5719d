"""New rows get their numbers before they are written, where there are many of a kind.

So nothing has to come back from the database, and they can all go in one COPY (`app.core.copied`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, Table, bindparam, func, inspect, select
from sqlalchemy.orm import Session

from app.models.base import Entry

FEW = 4
"""So many rows are written as fast without."""


def give(session: Session) -> None:
    """Number the new rows of each kind of which there are many, in the order in which they were added."""
    kinds: dict[type[Entry], list[Any]] = {}
    for row in session.new:
        if isinstance(row, Entry) and "id" not in inspect(row).dict:
            kinds.setdefault(type(row), []).append(row)
    for kind, rows in kinds.items():
        if len(rows) > FEW and _counts(kind):
            for row, number in zip(rows, drawn(session, kind.__table__, len(rows)), strict=True):
                row.id = number


def drawn(session: Session, table: Table, many: int) -> Sequence[int]:
    """Return numbers of new rows of a table."""
    return session.connection().scalars(_drawn(table), {"many": many}).all()


def _counts(kind: type[Entry]) -> bool:
    """Tell whether rows of a class are rows of one table, which numbers them."""
    mapper: Any = inspect(kind)
    return len(mapper.tables) == 1 and mapper.local_table.c.id.identity is not None


@cache
def _drawn(table: Table) -> Select[Any]:
    """Return the statement, built once; it looks for the sequence once, too."""
    sequence = select(func.pg_get_serial_sequence(table.name, "id")).scalar_subquery()
    return select(func.nextval(sequence)).select_from(func.generate_series(1, bindparam("many")))
