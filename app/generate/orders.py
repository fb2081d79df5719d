"""In which orders a list may be: that of an index always, any other while few rows match (docs/adr).

Sorting a million rows for a page of 25 costs a second on each of its pages; walking an index costs nothing.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import DateTime, Index, Select, UniqueConstraint, inspect, literal
from sqlalchemy.orm import Session

from app.access import Actor
from app.core.i18n import Text, _
from app.fields import FieldSet
from app.generate.listing import Question, filtered

MOST = 10_000
"""Rows that are sorted for a page."""


@cache
def follows_index(model: Any, order: str) -> bool:
    """Tell whether rows in this order (a column, perhaps after a minus) are read from an index as they stand.

    That takes an index of the column and the key behind it, or one whose values are hardly ever the same.
    Empty values stand last, which no index gives from the greatest down.
    """
    name, table = order.lstrip("-"), model.__table__
    if name == inspect(model).primary_key[0].key:
        return True
    column = table.c.get(name)
    if column is None or (column.nullable and order.startswith("-")):
        return False
    return any(
        led[0] == name and (is_unique or led[1:2] == ["id"] or isinstance(column.type, DateTime))
        for led, is_unique in _indexes(table)
    )


def settled(
    session: Session, actor: Actor, model: Any, fields: FieldSet, question: Question
) -> tuple[Question, Text]:
    """Return a question as it can be answered, and why it is not as asked: one statement, none by an index.

    It comes back in the declared order, from the first page, if too many rows had to be sorted.
    """
    if follows_index(model, question.order):
        return question, ""
    rows = filtered(session, actor, model, fields, question)
    return unsorted(model, fields, question) if session.scalar(beyond(rows)) else (question, "")


def beyond(rows: Select[Any]) -> Select[bool]:
    """Return the statement that finds whether there are more rows than are sorted."""
    ones = rows.with_only_columns(literal(value=True), maintain_column_froms=True)
    return ones.offset(MOST).limit(1)


def unsorted(model: Any, fields: FieldSet, question: Question) -> tuple[Question, Text]:
    """Return a question of too many rows to sort as it can be answered, and why it is not as asked."""
    declared = replace(question, order=str(model.resource.order), cursor=None)
    return declared, _too_many(fields[question.column].label)


def _too_many(label: Text) -> Text:
    """Say why a list is not in the order that was asked for."""
    return _(
        "More than %(number)s rows match: narrow the list down to sort it by %(column)s.",
        number=f"{MOST:,}",
        column=label,
    )


def _indexes(table: Any) -> list[tuple[list[str], bool]]:
    """Return the columns of each index of all rows, and whether it is unique."""
    found = [
        ([_name(part) for part in index.expressions], bool(index.unique) and len(index.expressions) == 1)
        for index in table.indexes
        if _is_whole(index)
    ]
    unique = (one for one in table.constraints if isinstance(one, UniqueConstraint))
    return found + [([column.name for column in one.columns], len(one.columns) == 1) for one in unique]


def _is_whole(index: Index) -> bool:
    options: Any = index.dialect_options["postgresql"]
    return options["where"] is None and options["using"] in {False, "btree"}


def _name(part: Any) -> str:
    return str(getattr(part, "name", None) or part).split(" ", 1)[0]
