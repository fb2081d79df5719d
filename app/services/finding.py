"""Which rows hold the words somebody searches for, as far as they may see them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    Text,
    any_,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from app.access import Actor, hidden, is_hidden, visible
from app.criteria import fold
from app.fields import CUSTOM, Audience, fields_of
from app.fields.search import found, has_search

TRIGRAM = 3
FEW = 1_000
"""A search with no more hits than these sorts them; one with more meets enough of them among the first."""
OFFERED_FROM = 200
"""Hits among which those are taken that are offered to somebody who still types."""


def among(session: Session, actor: Actor, model: Any, audience: Audience, words: str) -> ColumnElement[bool]:
    """Return the condition of a search in a list that has an order: one statement where there is full text.

    Of few hits the numbers are taken first: PostgreSQL takes a rare word for less rare than it is, and would
    look for it through all rows in their order. A common one it knows well, and soon meets.
    """
    wanted = holds(session, actor, model, audience, words)
    if not has_search(model):
        return wanted
    hits = list(session.scalars(select(model.id).where(wanted).limit(FEW + 1)))
    return wanted if len(hits) > FEW else numbered(model.id, hits)


def first_among(
    session: Session, actor: Actor, model: Any, audience: Audience, words: str
) -> ColumnElement[bool]:
    """Return the condition of the first hits that an index leads to, in no order: enough for an offer.

    Of what two letters begin there are many rows, and those that come first in an order are found late. Of
    what one begins there are so many that the order soon meets them.
    """
    if len(words) < 2:
        return among(session, actor, model, audience, words)
    hits = select(model.id).where(visible(actor, model), holds(session, actor, model, audience, words))
    return among_those(model.id, hits.limit(OFFERED_FROM))


def among_those(key: Any, rows: Select[Any]) -> ColumnElement[bool]:
    """Return the condition that a row is one of those of a statement, which is answered first."""
    mine: ColumnElement[bool] = key == any_(func.array(rows.scalar_subquery()))
    return mine


def numbered(key: Any, numbers: list[int]) -> ColumnElement[bool]:
    """Return the condition that a row has one of these numbers."""
    mine: ColumnElement[bool] = key == any_(literal(numbers, ARRAY(BigInteger)))
    return mine


def holds(session: Session, actor: Actor, model: Any, audience: Audience, words: str) -> ColumnElement[bool]:
    """Return the condition of a search: full text where the table has it, else part of any searched text.

    What is hidden from the actor or their audience is not searched either, or a search would tell it.
    """
    fields, hide = fields_of(session, model), hidden(actor, model)
    seen = {field.name for field in fields.visible(audience) if not is_hidden(hide, field.name)}
    if has_search(model) and not hide and seen.issuperset(model.resource.search):
        return found(model, fields, audience, words)
    texts = [getattr(model, name) for name in model.resource.search if name in seen]
    searched = [field for field in fields.custom if field.searchable and field.name in seen]
    texts += [getattr(model, CUSTOM)[field.key].astext for field in searched]
    return or_(false(), *(_has(func.frontdesk_fold(text, type_=Text), fold(words)) for text in texts))


def _has(text: ColumnElement[str], words: str) -> ColumnElement[bool]:
    """Return the condition that a folded text has `words` in it, by the index of its trigrams.

    So few characters that they are no trigram must begin a word, or every row would be read.
    """
    if len(words) >= TRIGRAM:
        return text.contains(words, autoescape=True)
    begins = text.startswith(words, autoescape=True)
    return or_(begins, text.contains(f" {words}", autoescape=True))
