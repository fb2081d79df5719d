"""In which orders a list may be: that of an index always, any other while few rows match (docs/adr).

Sorting a million rows for a page of 25 costs a second on each of its pages; walking an index costs nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Select, literal
from sqlalchemy.orm import Session

from app.access import Actor
from app.core.i18n import Text, _
from app.fields import FieldSet
from app.generate.indexed import follows_index
from app.generate.listing import Question, filtered

MOST = 10_000
"""Rows that are sorted for a page."""


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
