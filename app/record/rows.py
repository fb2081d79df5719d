"""Rows that are written and not read back: history, audit, events, mails, decisions, assignments.

They pass by the unit of work, and travel as JSON: one list a table, one statement for all tables of a deed.
That costs a fraction of what a statement for each table does, and a parameter for each value. Of many rows
each table gets a COPY (`copying`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    CompoundSelect,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    insert,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, SessionTransaction

from app.core.jsons import as_json
from app.models.base import Declared
from app.record import copying
from app.record.hints import hint, is_quiet
from app.record.version import in_our_words

Kind = tuple[type[Declared], tuple[str, ...]]
"""Rows of one class that all name the same columns."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows that wait for the end of a deed. What is put down `within` another savepoint does not."""

    within: SessionTransaction | None
    rows: dict[Kind, list[dict[str, Any]]] = field(default_factory=dict)


def put(session: Session, model: type[Declared], rows: Iterable[dict[str, Any]]) -> None:
    """Add rows of `model`, in their order; the queue hears of those that are effects.

    Columns that are not named have what the database gives them. Raises what `flush` raises.
    """
    sheet: Sheet | None = session.info.get("sheet")
    waits = sheet is not None and sheet.within is session.get_nested_transaction()
    here = sheet if sheet is not None and waits else Sheet(None)
    for row in rows:
        here.rows.setdefault((model, tuple(row)), []).append(row)
    if not waits:
        _write(session, here)


@contextmanager
def together(session: Session) -> Iterator[None]:
    """Let the rows that are put down inside the block wait for its end, and write them by one statement.

    Inside another block they wait for the end of that one. Nothing inside the block may look for them.
    """
    if "sheet" in session.info:
        yield
        return
    sheet = session.info["sheet"] = Sheet(session.get_nested_transaction())
    try:
        yield
    finally:
        del session.info["sheet"]
    _write(session, sheet)


def _write(session: Session, sheet: Sheet) -> None:
    kinds = sorted(sheet.rows, key=lambda kind: kind[0].__tablename__)
    with in_our_words():
        added = [*_copied(session, sheet, kinds), *_listed(session, sheet, kinds)]
    if not is_quiet(session):
        for effect, row in added:
            if effect:
                hint(session, effect, row)


def _copied(session: Session, sheet: Sheet, kinds: Sequence[Kind]) -> Iterator[tuple[str, int]]:
    """Write the kinds of which there are many rows, and yield the effects among them."""
    for model, names in kinds:
        rows = sheet.rows[model, names]
        if len(rows) >= copying.MANY:
            for number in copying.copy(session, model, names, rows):
                yield getattr(model, "__effect__", ""), number


def _listed(session: Session, sheet: Sheet, kinds: Sequence[Kind]) -> Iterable[tuple[str, int]]:
    """Write all other kinds by one statement; return the kind of effect and the number of each row."""
    few = tuple(kind for kind in kinds if len(sheet.rows[kind]) < copying.MANY)
    if not few:
        return ()
    values = {_parameter(place): as_json(sheet.rows[kind]) for place, kind in enumerate(few)}
    return [(effect, row) for effect, row in session.connection().execute(_statement(few), values)]


@cache
def _statement(kinds: tuple[Kind, ...]) -> CompoundSelect[Any]:
    """Return the statement, built once. It answers the number of each row, and which kind of effect it is."""
    added = (
        (getattr(model, "__effect__", ""), _added(model.__table__, names, _parameter(place)))
        for place, (model, names) in enumerate(kinds)
    )
    return union_all(*(select(literal_column(f"'{effect}'"), rows.c.id) for effect, rows in added))


def _added(table: Table, names: tuple[str, ...], parameter: str) -> CTE:
    """Return the part for one table: PostgreSQL goes through a list in its order."""
    listed = func.jsonb_to_recordset(cast(bindparam(parameter, type_=Text), JSONB))
    given = listed.table_valued(*(column(name, table.c[name].type) for name in names))
    columns = given.render_derived(name="given", with_types=True).c
    wanted = insert(table).from_select(
        names, select(*(columns[name] for name in names)), include_defaults=False
    )
    return wanted.returning(table.c.id).cte(parameter)


def _parameter(place: int) -> str:
    return f"rows_{place}"
